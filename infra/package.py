"""The packaged model that a stack serves: where it is and what its digest is, read from its manifest."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

from infra.errors import SettingsError

DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class PackageRef:
    """One packaged model. digest: 64 hex digits; folder: the package; archive: its model.tar.gz, the same bytes on
    every cloud."""

    name: str
    digest: str
    folder: Path
    archive: Path

    @property
    def short(self) -> str:
        """The first 12 digits of the digest: for names of things that carry the version."""
        return self.digest[:12]

    @property
    def tag(self) -> str:
        """The first 32 digits: for tags and labels (Google's limit is 63 characters)."""
        return self.digest[:32]


def find(name_or_path: str, root: Path, state: Path) -> PackageRef:
    """The package called `name` below the state folder, or the one at a path (what holds `package/` and the archive).

    root: where a relative path starts.

    Raises SettingsError naming the folder where nothing was found.
    """
    named = re.fullmatch(r"[a-z0-9][a-z0-9_-]*", name_or_path)
    home = state / "packages" / name_or_path / "current" if named else root / Path(name_or_path).expanduser()
    home = home.resolve()
    folder, archive = home / "package", home / "model.tar.gz"
    for wanted in (folder / "manifest.json", archive):
        if not wanted.is_file():
            raise SettingsError(
                f"the package {name_or_path!r} is not there: {wanted.name} is missing",
                where=str(wanted),
                next=f"trifold model build {name_or_path}"
                if named
                else "give the folder that `trifold model build` made",
            )
    return _read(folder, archive)


def _read(folder: Path, archive: Path) -> PackageRef:
    manifest = json.loads((folder / "manifest.json").read_text())
    name, digest = manifest.get("name"), manifest.get("digest", "")
    if not name or not DIGEST.fullmatch(digest):
        raise SettingsError(
            "the package's manifest names no package or no digest",
            where=str(folder / "manifest.json"),
            next="build the package again: trifold model build NAME",
        )
    return PackageRef(name, digest, folder, archive)
