"""The list of a package's files with their digests, and the one digest that names the package.

The package's digest is the SHA-256 of the canonical JSON (sorted keys, no spaces, UTF-8) of format, name and files.
"""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

from trifold.package.errors import PackageError

FILE = "manifest.json"
FORMAT = 1
NAME = re.compile(r"[a-z][a-z0-9-]{0,30}[a-z0-9]")
DIGEST = re.compile(r"[0-9a-f]{64}")


def digest_of(manifest: dict[str, Any]) -> str:
    """The package's digest, from what its manifest says (64 hex digits)."""
    named = {key: manifest[key] for key in ("format", "name", "files")}
    return hashlib.sha256(json.dumps(named, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def make(folder: Path, name: str) -> dict[str, Any]:
    """The manifest of the files that lie in `folder`, itself left out."""
    files = {path: describe(folder / path) for path in files_in(folder) if path != FILE}
    manifest = {"format": FORMAT, "name": name, "files": files}
    return {**manifest, "digest": digest_of(manifest)}


def describe(file: Path) -> dict[str, Any]:
    with file.open("rb") as stream:
        return {"sha256": hashlib.file_digest(stream, "sha256").hexdigest(), "bytes": file.stat().st_size}


def files_in(folder: Path) -> list[str]:
    """Every file below `folder`, as sorted relative POSIX paths. Raises PackageError for a link or a device."""
    found = []
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder).as_posix()
        if path.is_symlink() or not (path.is_file() or path.is_dir()):
            raise PackageError(relative, "is a link or a special file; a package holds plain files only")
        if path.is_file():
            found.append(relative)
    return found


def read(folder: Path) -> dict[str, Any]:
    """The manifest, its shape and its own digest checked; the files are not looked at."""
    manifest = read_json(folder, FILE)
    shaped = isinstance(manifest, dict) and {"format", "name", "digest", "files"} <= set(manifest)
    if not shaped or not isinstance(manifest["files"], dict):
        raise PackageError(FILE, "has no format, name, digest and files", where=str(folder))
    if manifest["format"] != FORMAT:
        raise PackageError(FILE, f"is of format {manifest['format']!r}, this kit reads format {FORMAT}")
    if not isinstance(manifest["name"], str) or not NAME.fullmatch(manifest["name"]):
        raise PackageError(FILE, f"the name {manifest['name']!r} is not lower-case letters, digits and dashes")
    if manifest["digest"] != digest_of(manifest):
        raise PackageError(FILE, "its digest is not that of the files it lists", where=str(folder))
    return manifest


def check(folder: Path, manifest: dict[str, Any]) -> None:
    """Compare every file with the manifest. Raises PackageError naming the first that is wrong, in sorted order."""
    present = set(files_in(folder)) - {FILE}
    for path in sorted(present | set(manifest["files"])):
        if path not in present:
            raise PackageError(path, "is missing", where=str(folder))
        if path not in manifest["files"]:
            raise PackageError(path, "is not in the manifest", where=str(folder))
        check_file(folder / path, path, manifest["files"][path])


def check_file(file: Path, path: str, expected: Any) -> None:
    found = describe(file)
    if not isinstance(expected, dict) or found["bytes"] != expected.get("bytes"):
        wanted = expected.get("bytes") if isinstance(expected, dict) else None
        raise PackageError(path, f"has {found['bytes']} bytes, the manifest says {wanted}", where=str(file))
    if found["sha256"] != expected.get("sha256"):
        raise PackageError(path, "its SHA-256 is not the manifest's: the content was changed", where=str(file))


def read_json(folder: Path, name: str) -> Any:
    """A JSON file of the package. Raises PackageError where it is missing or broken."""
    try:
        return json.loads((folder / name).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise PackageError(name, "is missing", where=str(folder)) from None
    except (ValueError, OSError) as error:
        raise PackageError(name, f"is no JSON file ({error})", where=str(folder)) from None
