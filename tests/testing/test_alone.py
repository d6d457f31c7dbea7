"""The fixture in an environment of its own: what `pip install "trifold[engine]" pytest` brings is enough."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.testing.test_page import ROOT, write_examples

pytestmark = [pytest.mark.soak, pytest.mark.timeout(900)]
# What the distribution is built from; a copy, since building writes beside the sources.
SOURCES = ("pyproject.toml", "README.md", "LICENSE", "trifold", "infra", "model_packages")
# What somebody who tests a Pulumi program has no use for.
FOREIGN = {"numpy", "uvicorn", "boto3", "moto", "azure-core", "google-cloud-storage", "onnxruntime", "mlflow"}
NO_REGISTRY = ("No matching distribution", "ConnectionError", "Connection refused", "Temporary failure", "timed out")
CLEAN = {"PATH": "/usr/bin:/bin"}


def run(*command: str, folder: Path) -> subprocess.CompletedProcess:
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=600)


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python with the kit's engine and pytest, and what they need."""
    folder = tmp_path_factory.mktemp("alone")
    for name in SOURCES:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / "kit" / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            (folder / "kit").mkdir(exist_ok=True)
            shutil.copy(ROOT / name, folder / "kit" / name)
    assert run(sys.executable, "-m", "venv", "venv", folder=folder).returncode == 0
    python = folder / "venv" / "bin" / "python"
    done = run(str(python), "-m", "pip", "install", "./kit[engine]", "pytest", "pytest-xdist", folder=folder)
    if done.returncode and any(sign in done.stderr for sign in NO_REGISTRY):
        pytest.skip("no package registry is within reach")
    assert done.returncode == 0, done.stderr
    return python


def test_it_brings_no_clouds_sdk_and_no_server(alone: Path) -> None:
    listed = run(str(alone), "-m", "pip", "list", "--format", "json", folder=alone.parent)
    names = {one["name"].lower() for one in json.loads(listed.stdout)}
    assert {"pulumi", "trifold"} <= names and not names & FOREIGN
    assert not [name for name in names if name.startswith(("pulumi-", "azure-", "google-cloud"))]


@pytest.mark.parametrize("workers", [[], ["-n", "2"]], ids=["plain", "xdist"])
def test_the_pages_example_runs_there(alone: Path, tmp_path: Path, workers: list[str]) -> None:
    write_examples(tmp_path)
    command = [str(alone), "-m", "pytest", "-q", *workers]
    done = subprocess.run(command, cwd=tmp_path, env=CLEAN, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0 and "6 passed" in done.stdout, done.stdout + done.stderr
