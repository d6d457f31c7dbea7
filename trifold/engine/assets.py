"""The hashes of assets and archives: SHA-256 of an asset's bytes, an archive file, or a tar made of its members."""

import hashlib
import tarfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from trifold.engine.refusals import refusal
from trifold.errors import UserError
from trifold.protocol.values import Archive, Asset, OutputValue, Secret

ARCHIVES = (".tar", ".tgz", ".tar.gz", ".zip", ".jar")


def with_hashes(value: Any, folder: Path) -> Any:
    """The value with the hash of each asset and archive in it; relative paths are taken from `folder`."""
    if isinstance(value, Archive) and isinstance(value.content, dict):
        value = replace(value, content=with_hashes(value.content, folder))
    if isinstance(value, Asset | Archive):
        return value if value.hash else _hashed(value, folder)
    if isinstance(value, Secret):
        return Secret(with_hashes(value.value, folder))
    if isinstance(value, OutputValue):
        return replace(value, value=with_hashes(value.value, folder))
    if isinstance(value, dict):
        return {key: with_hashes(item, folder) for key, item in value.items()}
    return [with_hashes(item, folder) for item in value] if isinstance(value, list) else value


def _hashed(value: Asset | Archive, folder: Path) -> Asset | Archive:
    try:
        if isinstance(value, Asset):
            return replace(value, hash=hashlib.sha256(read(value, folder)).hexdigest())
        return replace(value, hash=_archive_hash(value, folder))
    except OSError as error:
        raise UserError(f"an asset cannot be read: {error.strerror}", where=str(error.filename)) from error


def read(asset: Asset, folder: Path) -> bytes:
    """An asset's bytes. UserError for a remote one."""
    if asset.kind == "text":
        return asset.content.encode()
    if asset.kind == "path":
        return (folder / asset.content).read_bytes()
    if asset.content.startswith("file://"):
        return Path(asset.content.removeprefix("file://")).read_bytes()
    raise refusal("remote asset", asset.content)


def _archive_hash(archive: Archive, folder: Path) -> str:
    digest = hashlib.sha256()
    if archive.kind == "path" and archive.content.endswith(ARCHIVES):
        with (folder / archive.content).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    seen = set()
    for name, content in members(archive, folder):
        if name in seen:
            continue
        seen.add(name)
        digest.update(_header(name, len(content)) + content + b"\0" * (-len(content) % 512))
    digest.update(b"\0" * 1024)
    return digest.hexdigest()


def _header(name: str, size: int) -> bytes:
    member = tarfile.TarInfo(name)
    member.size, member.mode, member.mtime = size, 0o600, 0
    made = bytearray(member.tobuf(tarfile.USTAR_FORMAT))
    # Go writes zeros where Python leaves the device numbers of a plain file empty.
    made[329:345] = b"0000000\0" * 2
    made[148:156] = b" " * 8
    made[148:155] = b"%06o\0" % sum(made)
    return bytes(made)


def members(archive: Archive, folder: Path) -> Iterator[tuple[str, bytes]]:
    """(name, bytes) of the members, in the order in which they are hashed."""
    if archive.kind == "uri":
        raise refusal("remote archive", archive.content)
    if archive.kind == "path":
        yield from _walk(folder / archive.content)
        return
    for name in sorted(archive.content):
        inner = archive.content[name]
        if isinstance(inner, Asset):
            yield name, read(inner, folder)
        elif inner.kind == "path" and inner.content.endswith(ARCHIVES):
            raise refusal("nested archive", inner.content)
        else:
            for below, content in members(inner, folder):
                yield f"{name}/{below}", content


def _walk(folder: Path, below: str = "") -> Iterator[tuple[str, bytes]]:
    """The files of a folder, as Go's filepath.Walk goes: by name, folders where their name sorts."""
    if not folder.is_dir():
        raise UserError("neither a recognized archive type nor a directory", where=str(folder))
    for entry in sorted(folder.iterdir(), key=lambda one: one.name):
        name = f"{below}{entry.name}"
        if entry.name == ".pulumi":
            continue
        if entry.is_dir() and not entry.is_symlink():
            yield from _walk(entry, f"{name}/")
        elif entry.is_file():
            yield name, entry.read_bytes()
