"""The commands, spelled and ended as Pulumi's; and what this engine refuses, by name, before anything changes."""

import json
import os
from pathlib import Path

import pytest

from tests.engine.conftest import Project, provider

PROGRAM = """
import pulumi
from thing import Thing

a = Thing("a", size=1, token=pulumi.Output.secret("hunter2"))
pulumi.export("arn", a.arn)
pulumi.export("token", a.token)
"""


@pytest.fixture
def up(project: Project) -> Project:
    project.program(PROGRAM)
    with provider(project):
        status, output = project.up()
        assert status == 0, output
    return project


# ---- runs -----------------------------------------------------------------------------------------------------------


def test_a_run_in_a_pipe_is_plain_lines_without_secrets(up: Project) -> None:
    with provider(up):
        status, output = up.trifold("destroy", "--yes", "--skip-preview", "--non-interactive")
    assert status == 0 and "- 2 deleted" in output and "\x1b" not in output
    with provider(up):
        status, output = up.trifold("preview", "--diff", "--non-interactive")
    assert "token: [secret]" in output and "hunter2" not in output and "+ 2 to create" in output


def test_a_preview_as_json_is_pulumis_digest(up: Project) -> None:
    with provider(up):
        status, output = up.trifold("preview", "--json", "--non-interactive")
    found = json.loads(output)
    assert status == 0 and found["changeSummary"] == {"same": 2}
    assert {step["op"] for step in found["steps"]} == {"same"} and "hunter2" not in output


def test_an_event_log_has_a_line_for_each_event(up: Project) -> None:
    log = up.folder / "events.jsonl"
    with provider(up):
        up.trifold("up", "--yes", "--skip-preview", "--event-log", str(log))
    events = [json.loads(line) for line in log.read_text().splitlines()]
    assert [event["sequence"] for event in events] == list(range(len(events)))
    assert "preludeEvent" in events[0] and "cancelEvent" in events[-1]
    assert "hunter2" not in log.read_text()


def test_without_a_terminal_and_without_yes_nothing_is_done(project: Project) -> None:
    status, output = project.trifold("up")
    assert status == 2 and "--yes or --skip-preview or --preview-only must be passed" in output


def test_a_stack_that_is_not_there(project: Project) -> None:
    status, output = project.trifold("destroy", "--yes", stack="nope")
    assert status == 6 and "no stack named 'nope' found" in output


def test_expected_to_change_nothing(up: Project) -> None:
    with provider(up):
        assert up.trifold("up", "--yes", "--skip-preview", "--expect-no-changes")[0] == 0
    up.program(PROGRAM.replace("size=1", "size=2"))
    with provider(up):
        status, output = up.trifold("preview", "--expect-no-changes", "--non-interactive")
    assert status == 7 and "no changes were expected" in output


def test_a_wrong_passphrase_changes_nothing(up: Project) -> None:
    before = up.checkpoint.read_bytes()
    with provider(up):
        status, output = up.up(PULUMI_CONFIG_PASSPHRASE="wrong")
    assert status == 1 and "incorrect passphrase" in output and "PULUMI_CONFIG_PASSPHRASE" in output
    assert up.checkpoint.read_bytes() == before


def test_a_state_file_cut_short_changes_nothing(up: Project) -> None:
    up.checkpoint.write_bytes(up.checkpoint.read_bytes()[:200])
    with provider(up):
        status, output = up.up()
    assert status == 1 and "damaged" in output and "newest whole copy" in output


def test_a_program_that_raises_is_told_with_its_own_lines(project: Project) -> None:
    project.program("def f():\n    raise ValueError('boom')\n\n\nf()\n")
    with provider(project):
        status, output = project.up()
    assert status == 1 and "ValueError: boom" in output and "runpy" not in output


def test_a_program_that_was_changed_in_the_same_second_is_read_anew(project: Project) -> None:
    """Python itself takes what it compiled before for the same: the source has its size and its second."""
    file = project.program_folder / "__main__.py"
    with provider(project):
        for size in (1, 2):
            project.program(f"from thing import Thing\n\nThing('a', size={size})\n")
            os.utime(file, (1_700_000_000, 1_700_000_000))
            status, output = project.up(PYTHONDONTWRITEBYTECODE="")
            assert status == 0, output
    (thing,) = (one for one in project.state()["resources"] if one["type"] == "ref:index:Thing")
    assert thing["inputs"]["size"] == 2


def test_a_provider_that_is_gone_is_told_by_name(project: Project) -> None:
    project.program(PROGRAM)
    project.port = 1
    status, output = project.up()
    assert status == 1 and "127.0.0.1:1" in output and "cannot be reached" in output


def test_what_is_only_in_preview_is_not_written(project: Project) -> None:
    project.program(PROGRAM)
    before = project.checkpoint.read_bytes()
    with provider(project):
        assert project.trifold("preview", "--non-interactive")[0] == 0
    assert project.checkpoint.read_bytes() == before


# ---- stacks and configuration ---------------------------------------------------------------------------------------


def test_outputs_hide_secrets_unless_asked(up: Project) -> None:
    assert json.loads(up.trifold("stack", "output", "--json")[1])["token"] == "[secret]"
    assert json.loads(up.trifold("stack", "output", "--json", "--show-secrets")[1])["token"] == "hunter2"
    assert up.trifold("stack", "output", "arn")[1].startswith("arn:ref:a-")
    assert up.trifold("stack", "output", "nothing")[0] == 1


def test_stacks_are_listed(up: Project) -> None:
    found = json.loads(up.trifold("stack", "ls", "--json", stack="")[1])
    assert [(one["name"], one["resourceCount"]) for one in found] == [("dev", 3)]
    status, output = up.trifold("stack", "init", "dev", stack="")
    assert status == 1 and "already exists" in output


def test_an_exported_state_comes_back(up: Project) -> None:
    file = up.folder / "state.json"
    assert up.trifold("stack", "export", "--file", str(file))[0] == 0
    before = up.state()
    exported = json.loads(file.read_text())
    assert len(exported["deployment"]["resources"]) == 3 and "hunter2" not in file.read_text()
    assert up.trifold("stack", "import", "--file", str(file))[0] == 0
    assert up.state() == before
    shown = up.trifold("stack", "export", "--show-secrets")[1]
    assert '"plaintext": "\\"hunter2\\""' in shown


def test_configuration_is_kept_as_pulumi_keeps_it(project: Project) -> None:
    project.trifold("config", "set", "plain", "yes")
    project.trifold("config", "set", "--secret", "ref:key", "hunter2")
    project.trifold("config", "set", "--path", "object.list[0].name", "first")
    project.trifold("config", "set", "--path", "object.count", "3")
    text = (project.program_folder / "Pulumi.dev.yaml").read_text()
    assert "hunter2" not in text and "secure: v1:" in text and "encryptionsalt: v1:" in text
    assert project.trifold("config", "get", "ref:key")[1] == "hunter2\n"
    assert json.loads(project.trifold("config", "get", "object")[1]) == {"list": [{"name": "first"}], "count": 3}
    shown = project.trifold("config")[1]
    assert "[secret]" in shown and "hunter2" not in shown
    assert project.trifold("config", "rm", "plain")[0] == 0 and project.trifold("config", "get", "plain")[0] == 1
    assert project.trifold("config", "rm", "--path", "object.list[0]")[0] == 0
    assert json.loads(project.trifold("config", "get", "object")[1]) == {"list": [], "count": 3}
    assert project.trifold("config", "rm", "--path", "object.list[0]")[0] == 1


# ---- refusals -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pulumi_yaml", "said"),
    [
        ("name: proj\nruntime: nodejs\n", "runtime 'nodejs' is not supported"),
        ("name: proj\nruntime: yaml\n", "runtime 'yaml' is not supported"),
        ("runtime: python\n", "the project has no name"),
        (
            "name: proj\nruntime: python\nplugins: {analyzers: [{name: p, path: .}]}\n",
            "plugins.analyzers is not supported",
        ),
        ("name: proj\nruntime: {name: python, options: {virtualenv: gone}}\n", "virtual environment does not exist"),
        ("name: proj\nruntime: python\nmain: gone\n", "the program does not exist"),
        ("name: [proj\n", "cannot be read"),
    ],
)
def test_a_project_that_cannot_run_here_is_refused_by_name(project: Project, pulumi_yaml: str, said: str) -> None:
    (project.program_folder / "Pulumi.yaml").write_text(pulumi_yaml)
    before = project.checkpoint.read_bytes()
    status, output = project.up()
    assert status == 1 and said in output
    assert project.checkpoint.read_bytes() == before or said.endswith("exist")


@pytest.mark.parametrize("url", ["s3://bucket", "https://api.pulumi.com"])
def test_another_backend_is_refused_by_name(project: Project, url: str) -> None:
    status, output = project.trifold("up", "--yes", "--skip-preview", PULUMI_BACKEND_URL=url)
    assert status == 1 and f"backend {url.partition(':')[0]}://... is not supported" in output


def test_another_secrets_provider_is_refused_by_name(project: Project) -> None:
    status, output = project.trifold("stack", "init", "other", "--secrets-provider", "awskms://x", stack="")
    assert status == 1 and "awskms" in output
    config = project.program_folder / "Pulumi.dev.yaml"
    config.write_text(config.read_text() + "environment:\n  - shared\n")
    status, output = project.up()
    assert status == 1 and "environments (ESC)" in output


def test_a_remote_component_is_refused_by_name(project: Project) -> None:
    project.program("import pulumi\n\npulumi.ComponentResource('kit:index:Far', 'far', {}, None, remote=True)\n")
    with provider(project):
        status, output = project.up()
    assert status == 1 and "remote components are not supported" in output and "far" in output


def test_a_real_clouds_resource_is_refused_by_name(project: Project) -> None:
    project.program("import pulumi\n\npulumi.CustomResource('aws:s3/bucket:Bucket', 'b', {})\n")
    with provider(project):
        status, output = project.up()
    assert status == 1 and "'aws' reaches a real service" in output and "trifold local env" in output


def test_an_attached_provider_of_a_real_cloud_must_say_that_it_is_local(project: Project) -> None:
    project.program("import pulumi\n\npulumi.CustomResource('aws:s3/bucket:Bucket', 'b', {})\n")
    with provider(project):
        status, output = project.up(PULUMI_DEBUG_PROVIDERS=f"aws:{project.port}")
    assert status == 1 and "does not say that it is local (its version is 1.2.3" in output
    assert not [one for one in project.state()["resources"] if "providers" in one["type"]]


def test_a_folder_without_a_project_is_told(project: Project, tmp_path: Path) -> None:
    (project.program_folder / "Pulumi.yaml").unlink()
    status, output = project.trifold("preview")
    assert status == 1 and "no Pulumi.yaml project file found" in output
