"""The examples of the documentation run as they are printed."""

import json
import re
from pathlib import Path

import pytest

from tests.package.conftest import CHECKOUT, REQUIREMENTS
from trifold.package import verify
from trifold.package.build import build


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", (CHECKOUT / "docs" / page).read_text(), re.DOTALL)


def test_the_example_model_is_built_as_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "iris_model.py").write_text(blocks("bring-your-own-model.md", "python")[0])
    monkeypatch.syspath_prepend(tmp_path)
    package = build("iris_model:train", tmp_path / "packages", requirements=REQUIREMENTS).package
    assert verify(package.folder.parent).name == "iris"
    assert build("iris_model:train", tmp_path / "two", requirements=REQUIREMENTS).package.digest == package.digest


def test_the_example_of_the_gates_is_one(make):
    from trifold.package.gate import failures

    assert failures(json.loads(blocks("package.md", "json")[0])) == []


def test_the_table_of_files_names_what_is_in_a_package(digits):
    page = (CHECKOUT / "docs" / "package.md").read_text()
    tops = {path.split("/")[0] for path in digits.manifest["files"]}
    assert all(f"`{name}" in page for name in tops)


def test_the_mlflow_example_runs_as_printed(digits, monkeypatch, tmp_path, capsys):
    """With digits' folder in place of flights', which may not be the current one here."""
    monkeypatch.setenv("MLFLOW_TRACKING_URI", str(tmp_path))
    code = blocks("package.md", "python")[0].replace(".trifold/packages/flights/current/package", str(digits.folder))
    exec(code, {})
    assert "probabilities" in capsys.readouterr().out
