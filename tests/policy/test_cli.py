"""`trifold policy`: what it prints, and how it ends."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from tests.conformance import rig
from tests.policy.cases import BUCKET
from trifold.cli import policy
from trifold.cli.main import build
from trifold.policy.check import Finding, Report
from trifold.policy.page import BEGIN, END, block
from trifold.policy.render import summary
from trifold.policy.rules import all_rules

PAGE = rig.ROOT / "docs" / "policy.md"
KEY = "aws:iam/accessKey:AccessKey"


@pytest.fixture
def trifold(tmp_path, monkeypatch, capsys):
    """trifold("policy", ...) -> (exit status, standard output, standard error), in a folder that is no project."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> tuple[int, str, str]:
        from trifold.cli import main

        with pytest.raises(SystemExit) as ended:
            main.main(["policy", *arguments])
            raise SystemExit(0)
        out, err = capsys.readouterr()
        return int(ended.value.code or 0), out, err

    return run


def step(type: str, name: str, **inputs: Any) -> dict[str, Any]:
    urn = f"urn:pulumi:s::p::{type}::{name}"
    return {"op": "create", "urn": urn, "newState": {"urn": urn, "type": type, "custom": True, "inputs": inputs}}


@pytest.fixture
def written(tmp_path: Path):
    """written(step, ...) -> the file of a digest of these steps."""

    def write(*steps: dict[str, Any], same: int = 0) -> str:
        file = tmp_path / "preview.json"
        summary = {"create": len(steps), "same": same}
        file.write_text(json.dumps({"config": {}, "steps": list(steps), "changeSummary": summary}, indent=4))
        return str(file)

    return write


def test_nothing_wrong_ends_with_0(trifold, written):
    status, out, err = trifold("--events", written(step("aws:iam/role:Role", "fine")))
    assert (status, out, err) == (
        0,
        "1 resource checked: 0 violations, none failing, 0 excepted, 0 that cannot be told yet\n",
        "",
    )


def test_a_violation_ends_with_2_and_says_where_why_and_how_to_mend_it(trifold, written):
    status, out, _ = trifold("--events", written(step(KEY, "key", user="u")))
    assert status == 2
    assert out.splitlines() == [
        f"high: long-lived-credentials: key ({KEY}): user: a user's access key, which never expires",
        "long-lived-credentials: Keys that never expire are what leaks: in a repository, a log, a laptop.",
        "  fix: a role, managed identity or workload identity in its place; allow_shared_key_access = False; "
        "admin_user_enabled = False",
        "  see: https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
        "1 resource checked: 1 violation (1 high), 1 failing, 0 excepted, 0 that cannot be told yet",
    ]


def test_a_violation_that_is_not_grave_enough_is_told_and_does_not_fail(trifold, written):
    file = written(step("aws:cloudwatch/logGroup:LogGroup", "logs"))
    status, out, _ = trifold("--events", file)
    assert status == 0 and "low: customer-managed-key: logs" in out
    assert trifold("--events", file, "--fail", "low")[0] == 2


def test_the_policy_beside_pulumi_yaml_counts(trifold, written, tmp_path):
    file = written(step(KEY, "key", user="u"))
    (tmp_path / "Pulumi.yaml").write_text("name: p\n")
    (tmp_path / "policy.yaml").write_text(
        "exceptions: [{rule: long-lived-credentials, resource: '*::key', reason: r, expires: 9999-01-01}]"
    )
    status, out, _ = trifold("--events", file)
    assert status == 0 and out.startswith("excepted: ") and "(excepted: r)" in out
    (tmp_path / "empty.yaml").write_text("")
    assert trifold("--events", file, "--settings", str(tmp_path / "empty.yaml"))[0] == 2


def test_json_has_all_that_was_found(trifold, written):
    status, out, _ = trifold(
        "--events", written(step(KEY, "key", user="u"), step(BUCKET, "b", bucket="b"), same=1), "--json"
    )
    found = json.loads(out)
    assert status == 2
    assert (found["checked"], found["absent"], found["fail"], found["failing"]) == (2, 1, "high", 1)
    assert [one["rule"] for one in found["violations"]] == ["long-lived-credentials"]
    assert "storage-public-access" in [one["rule"] for one in found["notes"]]
    assert (found["exceptions"], found["excepted"]) == ([], [])


def test_the_input_may_be_a_pipe(trifold, written, monkeypatch):
    text = Path(written(step(KEY, "key", user="u"))).read_text()
    monkeypatch.setattr(sys, "stdin", io.StringIO(text))
    assert trifold("--events", "-")[0] == 2
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    status, _, err = trifold("--events", "-")
    assert status == 1 and "what was read is empty" in err and "where: the standard input" in err and "next:" in err


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (("--events", "no-such-file"), "cannot be read"),
        (("--events", "x", "-s", "dev"), "cannot be used together"),
        (("--events", "x", "--fail", "hgih"), "'hgih' is no severity"),
        (("--events", "x", "--settings", "no-such-file"), "settings cannot be read"),
    ],
)
def test_wrong_input_ends_with_1(arguments, what, trifold):
    status, out, err = trifold(*arguments)
    assert (status, out) == (1, "") and what in err


def test_sarif_has_the_rules_the_findings_and_the_reasons_of_exceptions(trifold, written, tmp_path):
    (tmp_path / "policy.yaml").write_text(
        "exceptions: [{rule: long-lived-credentials, resource: '*::key', reason: r, expires: 9999-01-01}]"
    )
    steps = (
        step(KEY, "key", user="u"),
        step("aws:iam/policy:Policy", "grant", policy="04da6b54-80e4-46f7-96ec-b56ff0331ba9"),
    )
    assert trifold("--events", written(*steps), "--sarif", "report.sarif")[0] == 0
    found = json.loads((tmp_path / "report.sarif").read_text())
    assert found["version"] == "2.1.0"
    (run,) = found["runs"]
    assert [one["id"] for one in run["tool"]["driver"]["rules"]] == [rule.id for rule in all_rules()]
    told = {(one["ruleId"], one["kind"], one["level"]): one.get("suppressions") for one in run["results"]}
    assert told[("long-lived-credentials", "fail", "error")] == [{"kind": "external", "justification": "r"}]
    assert told[("no-wildcard-actions", "open", "none")] is None
    assert trifold("--events", written(*steps), "--sarif", "no/such/folder.sarif")[0] == 1


def test_the_rules_are_listed(trifold):
    assert [line.split()[:2] for line in trifold("--rules")[1].splitlines()] == [
        [rule.severity, rule.id] for rule in all_rules()
    ]
    assert [one["id"] for one in json.loads(trifold("--rules", "--json")[1])] == [rule.id for rule in all_rules()]


def test_the_page_has_the_rules_as_they_are():
    """TRIFOLD_GOLDEN=write makes it anew."""
    text = PAGE.read_text()
    before, rest = text.split(BEGIN)
    made = before + block(all_rules()) + rest.split(END)[1]
    if os.environ.get("TRIFOLD_GOLDEN") == "write":
        PAGE.write_text(made)
    assert PAGE.read_text() == made


def test_a_terminal_shows_them_by_resource():
    def found(name: str, kind: str, **more: str) -> Finding:
        return Finding("a-rule", "high", kind, f"urn::{name}", "t", name, "path", "[odd] text", **more)

    report = Report(
        (found("a", "violation"), found("a", "note"), found("b", "violation", excepted="why")), "high", 2, 1
    )
    out = io.StringIO()
    Console(file=out, width=100).print(policy.findings_table(report))
    assert [line.split() for line in out.getvalue().splitlines()[2:]] == [
        ["│", "a", "│", "t"],
        ["high", "│", "a-rule", "│", "path:", "[odd]", "text"],
        ["note", "│", "a-rule", "│", "path:", "[odd]", "text"],
        ["│", "b", "│", "t"],
        ["excepted", "│", "a-rule", "│", "path:", "[odd]", "text", "(excepted:", "why)"],
    ]
    assert summary(report) == (
        "2 resources checked: 1 violation (1 high), 1 failing, 1 excepted, 1 that cannot be told yet"
        "; 1 unchanged resource not shown by the events"
    )


def test_it_is_a_command_of_trifold():
    assert "policy" in {one.name for one in build().registered_commands}


def test_a_stack_is_previewed_by_the_embedded_engine(tmp_path, trifold, monkeypatch):
    for name in [name for name in os.environ if name.startswith(("PULUMI_", "TRIFOLD_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PULUMI_BACKEND_URL", f"file://{tmp_path}")
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "")
    runtime = {"name": "python", "options": {"virtualenv": sys.prefix}}
    (tmp_path / "Pulumi.yaml").write_text(json.dumps({"name": "p", "runtime": runtime}))
    (tmp_path / "__main__.py").write_text("import pulumi\npulumi.ComponentResource('my:own:Thing', 'thing')\n")
    subprocess.run([sys.executable, "-m", "trifold.cli.main", "stack", "init", "dev"], check=True, capture_output=True)
    assert trifold("-s", "dev")[:2] == (
        0,
        "0 resources checked: 0 violations, none failing, 0 excepted, 0 that cannot be told yet\n",
    )
    (tmp_path / "__main__.py").write_text("raise Exception('no such luck')\n")
    status, out, err = trifold("-s", "dev")
    assert (status, out) == (1, "") and "nothing is checked: Exception: no such luck" in err


@pytest.mark.e2e
def test_the_kits_own_stack_is_checked_on_the_local_cloud(clouds):
    command = [sys.executable, "-W", "ignore", "-m", "trifold.cli.main", "policy", "-s", "aws", "--json"]
    environment = {**os.environ, "TRIFOLD_STATE": str(clouds.state)}
    done = subprocess.run(command, cwd=rig.ROOT, env=environment, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["checked"] >= 10 and found["failing"] == 0 and found["violations"]
