"""The benchmark's own parts: the load client against the server, the table, requirements without addresses."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.serving import contenders, install, report
from benchmarks.serving.client import Load, measure, summary
from tests.serving import packages
from tests.serving.test_process import start  # noqa: F401  (a fixture)

LOADS = {
    name: {"rps": rps, "requests": 100, "p50": 0.5, "p90": 0.8, "p99": 1.5, "cpu_us": 50.0}
    for name, rps in (("1 x 1", 5000.0), ("1 x 16", 15000.0), ("100 x 16", 2000.0))
}
RESULT: dict[str, Any] = {
    "date": "2026-01-01 00:00 UTC",
    "package": "0" * 64,
    "machine": {"processor": "a processor", "cores": "2", "kernel": "6.1", "python": "3.11.7", "uvicorn": "0.1"},
    "load": [0.1, 0.2],
    "note": "",
    "seconds": 4.0,
    "limits": {"100": {"tensors": 3000.0, "own": 2500.0, "json": 600.0}},
    "contenders": [
        {
            "name": "trifold",
            "version": "this checkout",
            "start_ms": 250,
            "start_cpu_ms": 240,
            "rss_mb": 80.0,
            "loads": LOADS,
        },
        {"name": "FastAPI", "version": "1", "start_ms": 800, "start_cpu_ms": 790, "rss_mb": 90.0, "loads": LOADS},
        {"name": "MLflow", "version": "", "failed": "a trace\nno such model"},
    ],
}


def test_a_target_says_whether_it_was_reached() -> None:
    text = report.render(RESULT)
    assert "| times FastAPI at 16 connections | 3 | 1.00 | **missed** |" in text
    assert "| times faster to start than FastAPI | 3 | 3.20 | reached |" in text
    assert "| MB resident | 100 | 80.00 | reached |" in text
    assert "| MLflow | did not run: no such model |" in text


def test_the_note_is_shown() -> None:
    noted = {**copy.deepcopy(RESULT), "note": "The machine was shared."}
    assert "**The machine was shared.**" in report.render(noted)


def test_a_run_with_a_wrong_answer_measures_nothing() -> None:
    with pytest.raises(SystemExit, match="1 of 2 answers were not 200"):
        summary([(0.0, 0.1, 200), (0.1, 0.2, 503)], 1.0)


def test_the_client_measures_the_server(start: Any, records: Path, tmp_path: Path) -> None:  # noqa: F811
    body = tmp_path / "body.json"
    body.write_text(json.dumps({"instances": [packages.ROW]}))
    found = measure(Load(start(records).port, "/invocations", str(body), connections=4, warm=0.1, seconds=0.5))
    assert found["requests"] > 10
    assert 0 < found["p50"] <= found["p99"]


def test_requirements_are_locked_with_hashes_and_name_no_address() -> None:
    for one in contenders.CONTENDERS:
        lock = install.SERVER if one.requirements == "trifold" else install.REQUIREMENTS / f"{one.requirements}.txt"
        text = lock.read_text()
        assert "--hash=sha256:" in text
        assert "://" not in text
