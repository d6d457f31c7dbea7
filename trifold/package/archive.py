"""The archive of a package: written the same way every time, and unpacked without trusting it."""

import gzip
import os
import shutil
import tarfile
import tempfile
import zlib
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from trifold.package import manifest as manifests
from trifold.package.errors import PackageError

MAX_BYTES = 2 * 1024**3  # unpacked; far below what any of the three platforms takes
MAX_FILES = 10_000
CHUNK = 1 << 20


def pack(folder: Path, archive: Path) -> None:
    """Write the files of `folder` as a gzipped tar: sorted, no owner, no clock, so equal content gives equal bytes."""
    part = archive.with_name(archive.name + ".part")
    with (
        part.open("wb") as raw,
        gzip.GzipFile("", "wb", compresslevel=6, fileobj=raw, mtime=0) as zipped,
        tarfile.open(fileobj=zipped, mode="w", format=tarfile.USTAR_FORMAT) as tar,
    ):
        for path in manifests.files_in(folder):
            entry = tarfile.TarInfo(path)
            entry.size, entry.mode = (folder / path).stat().st_size, 0o644
            with (folder / path).open("rb") as content:
                tar.addfile(entry, content)
    part.replace(archive)


def unpack(
    archive: str | os.PathLike[str],
    target: str | os.PathLike[str],
    max_bytes: int = MAX_BYTES,
    max_files: int = MAX_FILES,
) -> Path:
    """Unpack into `target`, which must not exist or be an empty folder; returns it.

    Raises PackageError with the archive's or the member's name for: a damaged or cut archive, a path that leaves the
    target, links and special files, a name given twice, too many bytes or files. Nothing is left then.
    """
    source, place = Path(archive), Path(target)
    if place.exists() and (not place.is_dir() or any(place.iterdir())):
        raise PackageError(place.name, "is in the way: unpack into an empty folder", where=str(place))
    place.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=f".{place.name}.", dir=place.parent))
    try:
        _unpack_all(source, beside, max_bytes, max_files)
        beside.chmod(0o755)
        beside.replace(place)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise
    return place


def _unpack_all(source: Path, target: Path, max_bytes: int, max_files: int) -> None:
    try:
        with tarfile.open(source, "r|gz") as tar:
            left = max_bytes
            for count, entry in enumerate(tar, start=1):
                if count > max_files:
                    raise PackageError(source.name, f"holds more than {max_files} files", where=str(source))
                left -= _unpack_one(tar, entry, target, left, source)
        _read_to_end(source, max_bytes + MAX_FILES * 2 * tarfile.BLOCKSIZE)
    except FileNotFoundError:
        raise PackageError(source.name, "there is no such file", where=str(source)) from None
    except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile, UnicodeError) as error:
        raise PackageError(source.name, f"is damaged or cut short ({error})", where=str(source)) from None


def _unpack_one(tar: tarfile.TarFile, entry: tarfile.TarInfo, target: Path, left: int, source: Path) -> int:
    """Write one member, return its size in bytes."""
    place = _safe_place(entry.name, target, source)
    if entry.isdir():
        place.mkdir(parents=True, exist_ok=True)
        return 0
    if not entry.isreg():
        raise PackageError(entry.name, "is a link or a special file; refused", where=str(source))
    if entry.size > left:
        raise PackageError(entry.name, "goes beyond the allowed size of the unpacked package", where=str(source))
    place.parent.mkdir(parents=True, exist_ok=True)
    content = tar.extractfile(entry)
    assert content is not None
    try:
        with place.open("xb") as out:
            written = _copy(content, out)  # type: ignore[arg-type]
    except FileExistsError:
        raise PackageError(entry.name, "is in the archive twice", where=str(source)) from None
    if written != entry.size:
        raise PackageError(entry.name, f"is cut short: {written} of {entry.size} bytes", where=str(source))
    return written


def _safe_place(name: str, target: Path, source: Path) -> Path:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or "\0" in name or ":" in name:
        raise PackageError(name, "would be written outside of the package; refused", where=str(source))
    return target / path


def _copy(content: BinaryIO, out: BinaryIO) -> int:
    written = 0
    while chunk := content.read(CHUNK):
        written += out.write(chunk)
    return written


def _read_to_end(source: Path, limit: int) -> None:
    """Read the whole gzip stream: its check sum comes last, after what tar needs."""
    with gzip.open(source, "rb") as stream:
        while chunk := stream.read(CHUNK):
            limit -= len(chunk)
            if limit < 0:
                raise PackageError(source.name, "goes beyond the allowed size after its last file", where=str(source))
