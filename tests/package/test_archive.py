"""Archives that must not be unpacked: each is refused by its name or the member's, and leaves nothing."""

import gzip
import io
import random
import tarfile
from pathlib import Path

import pytest

from trifold.package import Package, PackageError, unpack, verify
from trifold.package.archive import pack


def archive_of(tmp_path: Path, *members: tuple[tarfile.TarInfo, bytes]) -> Path:
    file = tmp_path / "model.tar.gz"
    with tarfile.open(file, "w:gz") as tar:
        for entry, content in members:
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    return file


def plain(name: str, content: bytes = b"x") -> tuple[tarfile.TarInfo, bytes]:
    return tarfile.TarInfo(name), content


def special(name: str, kind: bytes, target: str = "") -> tuple[tarfile.TarInfo, bytes]:
    entry = tarfile.TarInfo(name)
    entry.type, entry.linkname = kind, target
    return entry, b""


def refused(file: Path, tmp_path: Path, **limits: int) -> PackageError:
    """The refusal; nothing may have been written anywhere."""
    inside = tmp_path / "inside"
    inside.mkdir(exist_ok=True)
    with pytest.raises(PackageError) as error:
        unpack(file, inside / "target", **limits)
    assert list(inside.iterdir()) == []
    return error.value


def test_what_was_packed_comes_out(adder: Package, tmp_path):
    folder = unpack(adder.archive, tmp_path / "out")
    assert verify(folder).digest == adder.digest
    assert verify(adder.archive).digest == adder.digest


def test_unpacking_into_an_empty_folder_is_fine_and_into_a_used_one_is_refused(adder: Package, tmp_path):
    (tmp_path / "empty").mkdir()
    unpack(adder.archive, tmp_path / "empty")
    with pytest.raises(PackageError, match="empty: is in the way"):
        unpack(adder.archive, tmp_path / "empty")


@pytest.mark.parametrize("name", ["../evil", "/etc/evil", "a/../../evil", "a\\..\\evil", "C:evil"])
def test_a_path_that_escapes_is_refused_by_its_name(tmp_path, name):
    error = refused(archive_of(tmp_path, plain("good"), plain(name)), tmp_path)
    assert (error.file, error.reason) == (name, "would be written outside of the package; refused")


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE])
def test_links_and_special_files_are_refused_by_name(tmp_path, kind):
    error = refused(archive_of(tmp_path, plain("good"), special("odd", kind, "good")), tmp_path)
    assert (error.file, error.reason) == ("odd", "is a link or a special file; refused")


def test_a_link_cannot_carry_a_later_file_outside(tmp_path):
    link = special("way", tarfile.SYMTYPE, str(tmp_path))
    assert refused(archive_of(tmp_path, link, plain("way/evil")), tmp_path).file == "way"
    assert not (tmp_path / "evil").exists()


def test_a_name_given_twice_is_refused(tmp_path):
    error = refused(archive_of(tmp_path, plain("model.onnx"), plain("model.onnx", b"other")), tmp_path)
    assert (error.file, error.reason) == ("model.onnx", "is in the archive twice")


def test_a_file_where_a_folder_is_needed_is_refused(tmp_path):
    assert refused(archive_of(tmp_path, plain("code"), plain("code/x.py")), tmp_path).file == "code/x.py"


def test_a_name_that_no_file_system_takes_is_refused(tmp_path):
    assert "cannot be written" in refused(archive_of(tmp_path, plain("n" * 300)), tmp_path).reason


def test_more_bytes_or_files_than_allowed_are_refused(tmp_path):
    file = archive_of(tmp_path, plain("small"), plain("large", bytes(1000)))
    error = refused(file, tmp_path, max_bytes=500)
    assert (error.file, error.reason) == ("large", "goes beyond the allowed size of the unpacked package")
    assert refused(file, tmp_path, max_files=1).file == "model.tar.gz"
    unpack(file, tmp_path / "fits", max_bytes=1001)


def test_a_small_archive_that_swells_is_refused_before_it_fills_the_disk(tmp_path):
    file = archive_of(tmp_path, plain("model.onnx"))
    with gzip.open(file, "ab") as more:
        for _ in range(40):
            more.write(bytes(1 << 20))
    error = refused(file, tmp_path, max_bytes=1 << 20)
    assert (error.file, error.reason) == ("model.tar.gz", "unpacks to more than is allowed")


def test_a_huge_header_is_refused_before_it_is_read_into_memory(tmp_path):
    entry, _ = special("header", tarfile.XHDTYPE)
    entry.size = 1 << 30
    (tmp_path / "model.tar.gz").write_bytes(gzip.compress(entry.tobuf() + bytes(1 << 20)))
    error = refused(tmp_path / "model.tar.gz", tmp_path)
    assert (error.file, error.reason) == ("header", "has a header of 1073741824 bytes; refused")


NO_ARCHIVES = {"empty": b"", "text": b"no archive", "no tar": gzip.compress(b"no tar"), "nothing": gzip.compress(b"")}


@pytest.mark.parametrize("content", NO_ARCHIVES.values(), ids=NO_ARCHIVES)
def test_what_is_no_archive_is_refused(tmp_path, content):
    (tmp_path / "model.tar.gz").write_bytes(content)
    error = refused(tmp_path / "model.tar.gz", tmp_path)
    assert error.file == "model.tar.gz"
    assert "is damaged or cut short" in error.reason


def test_a_missing_archive_is_named(tmp_path):
    with pytest.raises(PackageError, match=r"gone\.tar\.gz: there is no such file"):
        verify(tmp_path / "gone.tar.gz")
    with pytest.raises(PackageError, match=r"gone\.tar\.gz: there is no such file"):
        unpack(tmp_path / "gone.tar.gz", tmp_path / "target")


def test_an_archive_cut_anywhere_is_refused(adder: Package, tmp_path):
    whole, file = adder.archive.read_bytes(), tmp_path / "cut.tar.gz"
    for length in sorted({0, 1, 9, len(whole) - 1, len(whole) - 8, *range(0, len(whole), len(whole) // 40)}):
        file.write_bytes(whole[:length])
        assert refused(file, tmp_path).file in {"cut.tar.gz", *adder.manifest["files"], "manifest.json"}


def test_an_archive_with_a_changed_byte_is_refused(adder: Package, tmp_path):
    """Bytes 4 to 9 of gzip's header say nothing of the content (time, level, system)."""
    whole, file, chance = adder.archive.read_bytes(), tmp_path / "bad.tar.gz", random.Random(1)
    for place in [0, 1, 2, *(chance.randrange(10, len(whole)) for _ in range(60))]:
        file.write_bytes(whole[:place] + bytes([whole[place] ^ (1 << chance.randrange(8))]) + whole[place + 1 :])
        with pytest.raises(PackageError):
            verify(file, score=False)


def test_packing_twice_gives_the_same_bytes(adder: Package, tmp_path):
    pack(adder.folder, tmp_path / "again.tar.gz")
    assert (tmp_path / "again.tar.gz").read_bytes() == adder.archive.read_bytes()
