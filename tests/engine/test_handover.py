"""Both engines on one folder: what one leaves, the other goes on with. As real processes, where `pulumi` is there."""

import json
import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.engine.conftest import Project, provider
from tests.engine.test_kill import wait_for

pytestmark = [
    pytest.mark.skipif(shutil.which("pulumi") is None, reason="pulumi is not on the PATH"),
    pytest.mark.timeout(600),
]

PROGRAM = """
import pulumi
from thing import Group, RefProvider, Thing

config = pulumi.Config()
group = Group("group")
place = RefProvider("place", region="north")
a = Thing("a", pulumi.ResourceOptions(parent=group, protect={protect}), size=1, secret=config.require_secret("word"))
b = Thing("b", pulumi.ResourceOptions(provider=place, depends_on=[a]), target=a.arn, nested={{"list": [1, 2.5, None]}})
c = Thing("c", pulumi.ResourceOptions(additional_secret_outputs=["serial"]), of=b.revision, withToken=True)
pulumi.export("arn", a.arn)
pulumi.export("word", config.require_secret("word"))
"""
Run = Callable[..., str]
QUIET = ("--yes", "--skip-preview")


@pytest.fixture
def served(project: Project) -> Iterator[Any]:
    project.program(PROGRAM.format(protect=False))
    status, text = project.trifold("config", "set", "--secret", "word", "hush")
    assert status == 0, text
    with provider(project) as running:
        yield running


def started(project: Project, *argv: str) -> subprocess.Popen:
    environment = {**project.environment, "PULUMI_HOME": f"{project.folder}/home", "PULUMI_SKIP_UPDATE_CHECK": "true"}
    return subprocess.Popen(
        ["pulumi", *argv, "--non-interactive", "-C", str(project.program_folder)],
        env=environment,
        text=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


@pytest.fixture
def pulumi(project: Project) -> Run:
    """pulumi("up", ...) -> what it printed; it must end with `status`, 0 unless told."""

    def run(*argv: str, ok: bool = True) -> str:
        process = started(project, *argv)
        text, _ = process.communicate(timeout=120)
        assert (process.returncode == 0) == ok, text
        return text

    return run


@pytest.fixture
def trifold(project: Project) -> Run:
    def run(*argv: str, ok: bool = True) -> str:
        extra = ("--non-interactive",) if argv[0] in ("up", "preview", "refresh", "destroy") else ()
        status, text = project.trifold(*argv, *extra, stack="" if "ls" in argv else "dev")
        assert (status == 0) == ok, text
        return text

    return run


def test_pulumi_sees_no_change_after_trifold_and_destroys_what_it_made(
    project: Project, served: Any, pulumi: Run, trifold: Run
) -> None:
    trifold("up", *QUIET)
    pulumi("preview", "-s", "dev", "--expect-no-changes")
    pulumi("refresh", "-s", "dev", "--preview-only", "--expect-no-changes")
    pulumi("refresh", "-s", "dev", *QUIET, "--expect-no-changes")
    trifold("preview", "--expect-no-changes")
    pulumi("destroy", "-s", "dev", *QUIET)
    assert served.cloud["objects"] == {} and project.things() == {}


def test_trifold_sees_no_change_after_pulumi_and_destroys_what_it_made(
    project: Project, served: Any, pulumi: Run, trifold: Run
) -> None:
    pulumi("up", "-s", "dev", *QUIET)
    trifold("preview", "--expect-no-changes")
    trifold("refresh", "--preview-only", "--expect-no-changes")
    trifold("refresh", *QUIET, "--expect-no-changes")
    pulumi("preview", "-s", "dev", "--expect-no-changes")
    trifold("destroy", *QUIET)
    assert served.cloud["objects"] == {} and project.things() == {}


def test_outputs_exports_and_history_read_the_same(project: Project, served: Any, pulumi: Run, trifold: Run) -> None:
    trifold("up", *QUIET, "--message", "by trifold")
    pulumi("up", "-s", "dev", *QUIET, "--message", "by pulumi")
    both = [json.loads(run("stack", "output", "--json", *where)) for run, where in _places(pulumi, trifold)]
    assert both[0] == both[1] and both[0]["word"] == "[secret]"
    both = [json.loads(run("stack", "export", *where)) for run, where in _places(pulumi, trifold)]
    assert both[0] == both[1]
    told = [json.loads(run("stack", "history", "--json", *where)) for run, where in _places(pulumi, trifold)]
    for records in told:
        assert [one["message"] for one in records] == ["by pulumi", "by trifold"]
        assert [one["kind"] for one in records] == ["update", "update"]
    assert told[0][1]["resourceChanges"] == told[1][1]["resourceChanges"]


def test_an_export_of_each_is_imported_by_the_other(project: Project, served: Any, pulumi: Run, trifold: Run) -> None:
    trifold("up", *QUIET)
    file = str(project.folder / "exported.json")
    before = project.state()
    pulumi("stack", "export", "-s", "dev", "--file", file)
    trifold("stack", "import", "--file", file)
    trifold("stack", "export", "--file", file)
    pulumi("stack", "import", "-s", "dev", "--file", file)
    assert project.state() == before
    pulumi("preview", "-s", "dev", "--expect-no-changes")
    trifold("preview", "--expect-no-changes")


def test_stacks_are_listed_renamed_and_removed_by_either(
    project: Project, served: Any, pulumi: Run, trifold: Run
) -> None:
    trifold("up", *QUIET)
    trifold("stack", "rename", "first")
    assert [one["name"] for one in json.loads(pulumi("stack", "ls", "--json"))] == ["first"]
    pulumi("preview", "-s", "first")
    pulumi("stack", "rename", "dev", "-s", "first")
    assert [one["name"] for one in json.loads(trifold("stack", "ls", "--json"))] == ["dev"]
    trifold("preview", "--expect-no-changes")
    trifold("destroy", *QUIET)
    trifold("stack", "rm", "--yes")
    assert json.loads(pulumi("stack", "ls", "--json")) == []


def test_pulumi_keeps_off_a_killed_run_until_its_journal_is_folded(
    project: Project, served: Any, pulumi: Run, trifold: Run
) -> None:
    served.controls["delay"] = {"b": {"create": 3}}
    process, _ = project.start("up", *QUIET, "--non-interactive", "--parallel", "1")
    wait_for(lambda: any(one["type"] == "creating" and _is(one, "b") for one in _pending(project)))
    os.kill(process.pid, signal.SIGKILL)
    process.wait(20)
    _only_in_the_journal(project, "a")
    said = pulumi("up", "-s", "dev", *QUIET, ok=False)
    assert "currently locked" in said and "`trifold cancel`, before any `pulumi`" in said
    trifold("cancel", "--yes")
    assert "a" in project.things().values(), "the journal is in the state file"
    wait_for(lambda: not served.running)
    assert "interrupted while creating" in pulumi("up", "-s", "dev", *QUIET)
    assert set(project.things().values()) == {"a", "b", "c"}


def test_trifold_goes_on_after_a_killed_pulumi(project: Project, served: Any, pulumi: Run, trifold: Run) -> None:
    served.controls["delay"] = {"b": {"create": 3}}
    process = started(project, "up", "-s", "dev", *QUIET, "--parallel", "1")
    wait_for(lambda: any(one["type"] == "creating" and _is(one, "b") for one in _pending(project)))
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate(timeout=20)
    wait_for(lambda: not served.running)
    assert "interrupted while creating" in trifold("up", *QUIET)
    assert set(project.things().values()) == {"a", "b", "c"}
    assert [one["type"] for one in _pending(project)] == ["creating"]
    trifold("refresh", *QUIET, "--clear-pending-creates")
    pulumi("preview", "-s", "dev", "--expect-no-changes")
    assert _pending(project) == []


def test_what_a_journal_alone_knows_is_told_when_pulumi_went_on_without_it(
    project: Project, served: Any, pulumi: Run, trifold: Run
) -> None:
    trifold("up", *QUIET)
    found = next(one for one in project.state()["resources"] if _is({"resource": one}, "c"))
    journal = project.checkpoint.with_suffix(".journal")
    lost = {**found, "id": "c-lost", "inputs": {}, "outputs": {}}
    journal.write_text(
        json.dumps({"base": "0", "made": 0, "pending": []}) + "\n" + json.dumps({"new": 9, "resource": lost}) + "\n"
    )
    pulumi("up", "-s", "dev", *QUIET)
    said = trifold("up", *QUIET)
    assert "another engine went on without" in said and "(c-lost)" in said
    assert not journal.exists() and "c-lost" not in trifold("up", *QUIET)


def _places(pulumi: Run, trifold: Run) -> list[tuple[Run, tuple[str, ...]]]:
    return [(pulumi, ("-s", "dev")), (trifold, ())]


def _pending(project: Project) -> list[dict[str, Any]]:
    return project.state()["pending_operations"]


def _is(operation: dict[str, Any], name: str) -> bool:
    return operation["resource"]["urn"].endswith(f"::{name}")


def _only_in_the_journal(project: Project, name: str) -> None:
    """Move what the run recorded of a resource from the checkpoint to the journal, as in a run of thousands."""
    import hashlib

    content = json.loads(project.checkpoint.read_text())
    resources = content["checkpoint"]["latest"]["resources"]
    moved = next(one for one in resources if one["urn"].endswith(f"::{name}"))
    resources.remove(moved)
    project.checkpoint.write_text(json.dumps(content))
    base = hashlib.sha256(project.checkpoint.read_bytes()).hexdigest()
    first = {"base": base, "made": len(resources), "pending": []}
    lines = [first, {"new": len(resources) + 1, "resource": moved}]
    project.checkpoint.with_suffix(".journal").write_text("".join(f"{json.dumps(line)}\n" for line in lines))
