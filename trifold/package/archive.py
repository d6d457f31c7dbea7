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
MAX_HEADER = 1 << 16
OVERHEAD = MAX_HEADER + 4 * tarfile.BLOCKSIZE  # of a file in a tar, at most
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
        with gzip.open(source, "rb") as unzipped:
            stream = _Limited(unzipped, max_bytes + (max_files + 1) * OVERHEAD, source)
            with tarfile.open(fileobj=stream, mode="r|", tarinfo=_CarefulEntry) as tar:  # type: ignore[call-overload]
                left = max_bytes
                for count, entry in enumerate(tar, start=1):
                    if count > max_files:
                        raise PackageError(source.name, f"holds more than {max_files} files", where=str(source))
                    left -= _unpack_one(tar, entry, target, left, source)
            stream.left = tarfile.RECORDSIZE  # no more than padding may follow
            while stream.read(CHUNK):  # to the end: gzip's check sum comes last, after what tar needs
                pass
    except FileNotFoundError:
        raise PackageError(source.name, "there is no such file", where=str(source)) from None
    except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile, UnicodeError) as error:
        raise PackageError(source.name, f"is damaged or cut short ({error})", where=str(source)) from None


class _Limited:
    """A stream that refuses to give more bytes than allowed, however small the archive is."""

    def __init__(self, stream: BinaryIO | gzip.GzipFile, left: int, source: Path) -> None:
        self.stream, self.left, self.source = stream, left, source

    def read(self, size: int) -> bytes:
        data = self.stream.read(size)
        self.left -= len(data)
        if self.left < 0:
            raise PackageError(self.source.name, "unpacks to more than is allowed", where=str(self.source))
        return data


class _CarefulEntry(tarfile.TarInfo):
    """Headers that continue in a block of their own are read into memory by tarfile: only short ones are."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> "_CarefulEntry":
        entry = super().frombuf(buf, encoding, errors)
        if entry.type not in tarfile.REGULAR_TYPES and entry.size > MAX_HEADER:
            raise PackageError(entry.name, f"has a header of {entry.size} bytes; refused")
        return entry


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
    content = tar.extractfile(entry)
    assert content is not None
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with place.open("xb") as out:
            written = _copy(content, out)  # type: ignore[arg-type]
    except FileExistsError:
        raise PackageError(entry.name, "is in the archive twice", where=str(source)) from None
    except tarfile.TarError:
        raise
    except OSError as error:
        raise PackageError(entry.name, f"cannot be written ({error.strerror})", where=str(source)) from None
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
