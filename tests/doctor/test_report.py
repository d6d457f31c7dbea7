"""The report as it is shown: in a terminal, in a pipe, to a program."""

import io
import json
import os
from pathlib import Path

import pytest
from rich.console import Console

from trifold.doctor import report
from trifold.doctor.checks import ERROR, OK, UNKNOWN, WARNING, Ask, Finding

GOLDEN = Path(__file__).parent / "golden"
ASK = Ask("aws", "trifold", "prod", "123456789012", "eu-west-1", "", {}, {}, {})
FOUND = [
    Finding("identity", OK, "the credentials are of the pinned account"),
    Finding("services", WARNING, "aiplatform.googleapis.com is disabled: the stack's first `up` turns it on",
            "projects/my-project", "gcloud services enable aiplatform.googleapis.com --project my-project"),
    Finding("quota", ERROR, "the quota of ml.m5.large for endpoint usage in eu-west-1 is 0 instances, and the stack "
            "asks for 1", "123456789012", "aws service-quotas request-service-quota-increase --service-code sagemaker"),
    Finding("image", UNKNOWN, "the registry answered 401: [not] allowed"),
]  # fmt: skip


def terminal(findings) -> str:
    out = io.StringIO()
    Console(file=out, width=110, force_terminal=False).print(report.table(findings))
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())


SHOWN = {
    "terminal.txt": lambda: terminal(FOUND),
    "pipe.txt": lambda: report.plain(FOUND),
    "clean.txt": lambda: report.plain(FOUND[:1]),
    "report.json": lambda: report.as_json(ASK, FOUND),
}


@pytest.mark.parametrize("name", SHOWN)
def test_the_report_is_as_kept(name):
    """TRIFOLD_GOLDEN=write makes it anew."""
    found = SHOWN[name]() + "\n"
    if os.environ.get("TRIFOLD_GOLDEN") == "write":
        (GOLDEN / name).write_text(found)
    assert found == (GOLDEN / name).read_text()


def test_only_an_error_stops_a_script():
    assert report.failed(FOUND)
    assert not report.failed([one for one in FOUND if one.severity != ERROR])


def test_a_program_reads_every_field():
    read = json.loads(report.as_json(ASK, FOUND))
    assert read["counts"] == {"error": 1, "warning": 1, "unknown": 1, "ok": 1}
    assert set(read["findings"][0]) == {"check", "severity", "what", "where", "mend"}
