"""`make up` knows what it did before, and what it was made from."""

from pathlib import Path

import pytest

from trifold.cli.main import build, main
from trifold.cli.quickstart import Record, fingerprint


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "stacks").mkdir()
    (tmp_path / "stacks" / "__main__.py").write_text("pass")
    (tmp_path / "Pulumi.yaml").write_text("name: trifold")
    (tmp_path / ".trifold").mkdir()
    return tmp_path


def test_a_record_is_read_for_the_same_inputs_only(tmp_path):
    Record(tmp_path / "record.json", "one").write([{"cloud": "aws"}])
    assert Record(tmp_path / "record.json", "one").read()["answers"] == [{"cloud": "aws"}]
    assert Record(tmp_path / "record.json", "other").read() is None


@pytest.mark.parametrize("content", ["", '{"inputs": "on', "not json"])
def test_a_damaged_record_counts_as_none(tmp_path, content):
    (tmp_path / "record.json").write_text(content)
    assert Record(tmp_path / "record.json", "one").read() is None


def test_a_changed_program_is_another_input(project):
    before = fingerprint(project, project / ".trifold")
    assert fingerprint(project, project / ".trifold") == before
    (project / "stacks" / "__main__.py").write_text("pass  # changed")
    assert fingerprint(project, project / ".trifold") != before


def test_what_python_writes_beside_the_program_is_no_input(project):
    before = fingerprint(project, project / ".trifold")
    (project / "stacks" / "__pycache__").mkdir()
    (project / "stacks" / "__pycache__" / "x.pyc").write_bytes(b"x")
    assert fingerprint(project, project / ".trifold") == before


def test_every_command_group_is_there():
    names = {command.name for command in build().registered_commands}
    groups = {group.name for group in build().registered_groups}
    assert {"up", "preview", "refresh", "destroy", "predict", "quickstart"} <= names
    assert {"stack", "config", "local", "model", "image"} <= groups


def test_an_error_is_said_in_three_lines_without_a_traceback(capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TRIFOLD_STATE", raising=False)
    with pytest.raises(SystemExit) as ended:
        main(["local", "status"])
    said = capsys.readouterr().err
    assert ended.value.code == 1 and "Traceback" not in said
    assert "no Pulumi.yaml" in said and "where:" in said and "next:" in said


def test_predict_refuses_a_cloud_that_is_not_there(capsys):
    with pytest.raises(SystemExit):
        main(["predict", "oracle"])
    assert "there is no cloud 'oracle'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("outputs", "said"),
    [({}, "stack 'aws' is not up"), ({"cloud": "gcp"}, "stack 'aws' is on gcp, not on aws")],
)
def test_predict_says_which_stack_is_not_what_was_asked_for(outputs, said, monkeypatch, capsys):
    monkeypatch.setattr("trifold.cli.stack_outputs.stack_outputs", lambda stack: outputs)
    with pytest.raises(SystemExit):
        main(["predict", "aws"])
    assert said in capsys.readouterr().err
