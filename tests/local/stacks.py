"""What the tests of a stack under a changing model do on every cloud: run the kit, and make packages to serve."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.conftest import CHECKOUT
from trifold.package import archive, manifest


def run(clouds: Any, stack: str, *arguments: str, fails: bool = False) -> str:
    """All that `trifold ARGUMENTS -s STACK` says; it is to fail or not to."""
    command = [sys.executable, "-W", "ignore", "-m", "trifold.cli.main", *arguments, "-s", stack]
    environment = {**os.environ, "TRIFOLD_STATE": str(clouds.state)}
    done = subprocess.run(command, cwd=CHECKOUT, env=environment, capture_output=True, text=True, timeout=280)
    assert (done.returncode != 0) == fails, f"{done.stdout}\n{done.stderr}"
    return done.stdout + done.stderr


def digits(clouds: Any, made: Path, word: str, spoilt: bool = False) -> str:
    """The digits once more in a folder, told apart by a word on their card; the digest. A spoilt package is not what
    its manifest says."""
    shutil.copytree((clouds.state / "packages" / "digits" / "current").resolve(), made)
    package = made / "package"
    for file in package.iterdir():
        file.chmod(0o644)
    (package / "card.md").write_text(f"{(package / 'card.md').read_text()}\n{word}\n")
    written = manifest.make(package, "digits")
    (package / "manifest.json").write_text(json.dumps(written))
    if spoilt:
        (package / "card.md").write_text("something else")
    (made / "model.tar.gz").unlink()
    archive.pack(package, made / "model.tar.gz")
    return str(written["digest"])
