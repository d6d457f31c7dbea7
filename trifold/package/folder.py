"""A package as it lies on disk: load one, and find the current one of a name. Reads JSON only."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trifold.errors import UserError
from trifold.package import manifest as manifests
from trifold.package.errors import PackageError
from trifold.package.signature import Signature

ARCHIVE = "model.tar.gz"
FOLDER = "package"


@dataclass(frozen=True)
class Package:
    """What is known of a package without running it. sample: {"request", "response", "tolerance"}."""

    folder: Path
    name: str
    digest: str
    manifest: Mapping[str, Any]
    signature: Signature
    sample: Mapping[str, Any]

    @property
    def archive(self) -> Path:
        """The archive beside the folder, where `build` wrote both."""
        return self.folder.parent / ARCHIVE


def load(folder: str | os.PathLike[str]) -> Package:
    """Read a package folder. Raises PackageError; contents are checked by `verify`, not here."""
    place = Path(folder)
    manifest = manifests.read(place)
    signature = Signature.from_json(manifests.read_json(place, "signature.json"))
    sample = manifests.read_json(place, "sample.json")
    if not isinstance(sample, dict) or not {"request", "response", "tolerance"} <= set(sample):
        raise PackageError("sample.json", "has no request, response and tolerance", where=str(place))
    return Package(place, manifest["name"], manifest["digest"], manifest, signature, sample)


def current(name: str, root: str | os.PathLike[str]) -> Path:
    """The `<digest>` folder that `current` of `name` points to; it holds `package/` and `model.tar.gz`."""
    link = Path(root) / name / "current"
    if not link.exists():
        raise UserError(f"no package '{name}' was built", where=str(link), next=f"trifold model build {name}")
    return link.resolve()
