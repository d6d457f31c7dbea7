"""A stack of one's own beside the cloud's: the same program, with a stack file that brings something along."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.conformance import rig
from tests.conformance.emulated import Emulated

LINKED = ("infra", ".venv", "model_packages", "pyproject.toml")


@dataclass(frozen=True)
class Own(Emulated):
    """By `trifold`, on local clouds (tests.conftest.Clouds), from a project folder of its own."""

    folder: Path

    @property
    def name(self) -> str:
        return f"own-{self.cloud}"

    def brings(self, **settings: Any) -> None:
        """Write the stack's file: the cloud's own, with these added."""
        given = {**rig.configuration(self.cloud), **{f"trifold:{key}": value for key, value in settings.items()}}
        file = self.folder / "stacks" / f"Pulumi.{self.name}.yaml"
        file.write_text(yaml.safe_dump({"config": given}))


def project(clouds: Any, cloud: str, folder: Path) -> Own:
    """The stack, in a copy of the project that shares all but its stack files."""
    (folder / "stacks").mkdir()
    for name in LINKED:
        (folder / name).symlink_to(rig.ROOT / name)
    (folder / "stacks" / "__main__.py").symlink_to(rig.PROGRAM)
    (folder / "Pulumi.yaml").write_text((rig.ROOT / "Pulumi.yaml").read_text())
    return Own(clouds, cloud, folder)
