"""A copy of the project, so that an engine writes a stack's salt there and not into the checkout."""

import shutil
import sys
from pathlib import Path

import yaml

from tests.conformance import rig


def copy_project(folder: Path) -> Path:
    """The folder, with Pulumi.yaml and the stacks, for the Python and the plugin that run the tests."""
    written = yaml.safe_load((rig.ROOT / "Pulumi.yaml").read_text())
    written["runtime"]["options"]["virtualenv"] = sys.prefix
    written["plugins"]["providers"][0]["path"] = str(Path(sys.prefix) / "bin")
    (folder / "Pulumi.yaml").write_text(yaml.safe_dump(written))
    shutil.copytree(rig.ROOT / "stacks", folder / "stacks", ignore=shutil.ignore_patterns("__pycache__"))
    return folder
