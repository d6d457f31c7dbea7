"""From what a platform hands over (a mount, a bucket) to a package folder that the server can read."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from trifold.errors import UserError
from trifold.serving.settings import Settings

ARCHIVE = "model.tar.gz"
MANIFEST = "manifest.json"
DOWNLOAD_SECONDS = 900  # Vertex AI gives a container longer than this to become healthy


def find_package(root: Path, settings: Settings) -> Path:
    """The package in `root` or in one folder below it: unpacked already, or an archive, which is unpacked.

    Raises UserError where there is none, more than one, or an archive that is not what it should be.
    """
    if root.is_file():
        return unpacked(root, settings)
    folders = [root, *sorted(path for path in children(root) if path.is_dir())]
    for name in (MANIFEST, ARCHIVE):
        found = [folder / name for folder in folders if (folder / name).is_file()]
        if len(found) > 1:
            raise UserError("more than one package here", where=", ".join(map(str, found)), next="mount one model")
        if found:
            return found[0].parent if name == MANIFEST else unpacked(found[0], settings)
    listed = ", ".join(sorted(path.name for path in children(root))[:10]) or "nothing"
    raise UserError(f"no package here: neither {MANIFEST} nor {ARCHIVE}, but {listed}", where=str(root))


def children(root: Path) -> list[Path]:
    """What lies directly in a folder; nothing where it cannot be read."""
    try:
        return list(root.iterdir())
    except OSError:
        return []


def unpacked(archive: Path, settings: Settings) -> Path:
    """The archive's content in a new folder of the workspace."""
    from trifold.package import unpack

    return unpack(archive, fresh(settings.workspace, "package-"), max_bytes=settings.max_archive)


def fresh(workspace: Path, prefix: str) -> Path:
    """A new folder in the one place where the server may write."""
    try:
        workspace.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(prefix=prefix, dir=workspace))
    except OSError as error:
        raise UserError(f"the workspace cannot be written: {error}", next="set TRIFOLD_WORKSPACE") from error


def fetch(uri: str, settings: Settings) -> Path:
    """What lies at gs://..., in a new folder of the workspace.

    google-cloud-storage is imported in a child that ends, so that it takes none of the server's memory.
    """
    target = fresh(settings.workspace, "download-")
    command = [sys.executable, "-m", "trifold.serving.download", uri, str(target), str(settings.max_archive)]
    environment = {**os.environ, **settings.environment}
    try:
        ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=DOWNLOAD_SECONDS)
    except subprocess.TimeoutExpired as error:
        raise UserError(f"the model did not arrive within {DOWNLOAD_SECONDS} s", where=uri) from error
    if ended.returncode:
        last = (ended.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise UserError(f"the model could not be downloaded: {last}", where=uri)
    return target
