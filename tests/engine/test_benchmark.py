"""The engine's benchmark runs, and its table says what was reached. No time is asserted: that is the benchmark's."""

from pathlib import Path
from typing import Any

from benchmarks.engine import report, run


def use(seconds: float, megabytes: float = 100.0) -> dict[str, float]:
    return {"wall": seconds, "cpu": seconds, "pss": megabytes, "rss": megabytes}


def row(name: str, size: int, seconds: float) -> dict[str, Any]:
    uses = {"program": use(1.0)} if name == "floor" else {one: use(seconds) for one in report.OPERATIONS}
    return {"shape": "wide", "size": size, "name": name, "uses": uses}


def test_it_runs_a_small_stack_and_writes_its_record(tmp_path: Path, capsys: Any, monkeypatch: Any) -> None:
    monkeypatch.setitem(run.ROUNDS, 7, 1)
    run.main(["--sizes", "7", "--shapes", "components", "--no-pulumi", "--out", str(tmp_path)])
    text = capsys.readouterr().out
    assert "| 7 | trifold |" in text
    assert "did not end" not in text
    assert "s preview of 7 (components)" in text
    assert (tmp_path / "RESULTS.md").read_text() in text


def test_growth_and_ratios_are_told() -> None:
    rows = [row(name, size, seconds) for name, size, seconds in (
        ("floor", 7, 1), ("trifold", 7, 1), ("floor", 1000, 1), ("trifold", 1000, 3), ("pulumi", 1000, 30),
        ("floor", 5000, 1), ("trifold", 5000, 21),
    )]  # fmt: skip
    machine = {"processor": "a processor", "cores": "2", "kernel": "6.1", "python": "3.11.7"}
    text = report.render({"date": "2026-01-01", "machine": machine, "load": [0, 0], "note": "", "rows": rows})
    assert "| 1,000 | pulumi / trifold | 10.0x |" in text
    assert "| 5,000 | pulumi | not run at this size |" in text
    assert "| times the time a resource takes at 5,000 (wide, up) | 1.3 | 1.99 | **missed** |" in text
    assert "| s up of 1,000 (wide) | 10 | 3.00 | reached |" in text
