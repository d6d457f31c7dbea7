"""`trifold model build | verify | show`, as a user types them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.fixture
def trifold(tmp_path: Path, module):
    """Runs a command in the checkout, with a state folder of its own and the user's module on the path."""
    module()

    def run(*arguments: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            [sys.executable, "-m", "trifold.cli.main", "model", *arguments],
            cwd=CHECKOUT,
            env={**os.environ, "TRIFOLD_STATE": str(tmp_path / "state"), "PYTHONPATH": str(tmp_path / "user")},
            capture_output=True,
            text=True,
            timeout=60,
        )

    return run


def test_build_verify_and_show(trifold, tmp_path):
    built = trifold("build", "adder_model:train")
    assert built.returncode == 0, built.stderr
    name, digest, *_ = built.stdout.split()
    folder = tmp_path / "state" / "packages" / "adder" / digest
    assert name == "adder" and (folder / "model.tar.gz").is_file()
    assert "(unchanged)" in trifold("build", "adder_model:train").stdout
    for place in (folder, folder / "package", folder / "model.tar.gz"):
        assert "5 sample answers are right" in trifold("verify", str(place)).stdout
        assert "# Adder" in trifold("show", str(place)).stdout
    assert digest in trifold("show", "adder").stdout


def test_another_seed_becomes_current(trifold, tmp_path):
    first, second = (trifold("build", "adder_model:train", "--seed", seed).stdout.split()[1] for seed in ("1", "2"))
    current = tmp_path / "state" / "packages" / "adder" / "current"
    assert first != second == str(current.readlink())


def test_errors_say_what_where_and_what_next(trifold, tmp_path):
    missing = trifold("build", "trains")
    assert (missing.returncode, missing.stdout) == (1, "")
    assert missing.stderr.startswith(
        "error: there is no model 'trains'\n  where: module model_packages.trains\n  next:  "
    )
    (tmp_path / "cut.tar.gz").write_bytes(b"\x1f\x8b\x08")
    cut = trifold("verify", str(tmp_path / "cut.tar.gz"))
    assert cut.returncode == 1 and cut.stderr.startswith("error: cut.tar.gz: is damaged or cut short")
    unknown = trifold("show", "trains")
    assert unknown.returncode == 1 and "no package 'trains' was built" in unknown.stderr
