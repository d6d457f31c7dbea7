"""`verify` names the first file that is wrong."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from trifold.package import Package, PackageError, manifest, verify
from trifold.package.verify import REQUIRED, close


def wrong(folder: Path, **how: Any) -> PackageError:
    with pytest.raises(PackageError) as error:
        verify(folder, **how)
    return error.value


def change(folder: Path, name: str, **values: Any) -> None:
    """Change members of a JSON file, and bring the manifest up to date: a package made wrong, not a damaged one."""
    content = json.loads((folder / name).read_text())
    (folder / name).write_text(json.dumps({**content, **values}))
    relist(folder)


def relist(folder: Path) -> None:
    name = json.loads((folder / "manifest.json").read_text())["name"]
    (folder / "manifest.json").write_text(json.dumps(manifest.make(folder, name)))


def test_a_package_is_right_as_a_folder_an_archive_and_both(adder: Package):
    places = (adder.folder, adder.archive, adder.folder.parent)
    assert {verify(place).digest for place in places} == {adder.digest}


@pytest.mark.parametrize("name", REQUIRED)
def test_a_changed_file_is_named(copy, name):
    content = (copy / name).read_bytes()
    (copy / name).write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    assert (wrong(copy).file, wrong(copy).reason[:14]) == (name, "its SHA-256 is")
    (copy / name).write_bytes(content + b" ")
    assert f"has {len(content) + 1} bytes, the manifest says {len(content)}" in str(wrong(copy))


@pytest.mark.parametrize("name", [*REQUIRED, "manifest.json"])
def test_a_missing_file_is_named(copy, name):
    (copy / name).unlink()
    assert (wrong(copy).file, wrong(copy).reason) == (name, "is missing")


@pytest.mark.parametrize("name", REQUIRED)
def test_a_file_that_a_package_needs_cannot_be_left_out_of_the_manifest(copy, name):
    (copy / name).unlink()
    relist(copy)
    assert wrong(copy).file == name


def test_a_file_too_many_is_named(copy):
    (copy / "extra.py").write_text("")
    assert (wrong(copy).file, wrong(copy).reason) == ("extra.py", "is not in the manifest")


def test_a_link_is_named(copy):
    (copy / "card.md").unlink()
    (copy / "card.md").symlink_to("/etc/hostname")
    assert wrong(copy).file == "card.md"
    (copy / "card.md").unlink()
    os.mkfifo(copy / "card.md")
    assert wrong(copy).file == "card.md"


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"digest": "0" * 64}, "its digest is not that of the files it lists"),
        ({"name": "other"}, "its digest is not that of the files it lists"),
        ({"format": 2}, "is of format 2, this kit reads format 1"),
        ({"name": "../x"}, "the name '../x' is not lower-case letters, digits and dashes"),
        ({"files": []}, "has no format, name, digest and files"),
    ],
)
def test_a_wrong_manifest_is_named(copy, values, reason):
    content = json.loads((copy / "manifest.json").read_text())
    (copy / "manifest.json").write_text(json.dumps({**content, **values}))
    assert (wrong(copy).file, wrong(copy).reason) == ("manifest.json", reason)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "\xff"])
def test_a_broken_json_file_is_named(copy, text):
    for name in ("manifest.json", "signature.json", "sample.json", "metrics.json"):
        before = (copy / name).read_bytes()
        (copy / name).write_text(text, encoding="latin-1")
        if name != "manifest.json":
            relist(copy)
        assert wrong(copy).file == name
        (copy / name).write_bytes(before)


def test_another_answer_than_the_expected_one_is_named_with_its_row(copy):
    sample = json.loads((copy / "sample.json").read_text())
    predictions = sample["response"]["predictions"]
    predictions[2]["sum"] += 2e-6
    change(copy, "sample.json", response={"predictions": predictions})
    assert wrong(copy).file == "sample.json"
    assert wrong(copy).reason.startswith("instance 2: the model answers")
    verify(copy, score=False)
    change(copy, "sample.json", tolerance=1e-3)
    verify(copy)


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"request": {"instances": []}}, "has fewer than 5 instances"),
        ({"response": {"predictions": [{}]}}, "has not one prediction an instance, or no tolerance below 1"),
        ({"tolerance": 2}, "has not one prediction an instance, or no tolerance below 1"),
        ({"tolerance": "much"}, "has not one prediction an instance, or no tolerance below 1"),
        ({"request": {}}, "has no 'instances'"),
        ({"request": {"instances": [{"what": 1}] * 5}}, "instance 0 has a column that signature.json does not name"),
    ],
)
def test_a_sample_that_does_not_fit_is_named(copy, values, reason):
    change(copy, "sample.json", **values)
    assert (wrong(copy).file, wrong(copy).reason) == ("sample.json", reason)


def test_a_model_that_cannot_be_loaded_is_named(copy):
    (copy / "model.onnx").write_bytes(b"no graph")
    relist(copy)
    assert wrong(copy).file == "model.onnx"
    assert "cannot be loaded" in wrong(copy).reason


def test_a_graph_that_does_not_fit_the_signature_is_named(copy):
    change(copy, "signature.json", outputs=[{"name": "sum", "type": "double", "tensor": "nowhere", "index": 0}])
    assert "the graph has no output 'nowhere'" in wrong(copy).reason


def test_metrics_that_do_not_beat_a_baseline_are_named(copy):
    change(copy, "metrics.json", model={"brier": 0.3})
    assert wrong(copy).file == "metrics.json"


def test_an_archive_of_another_package_beside_the_folder_is_named(make):
    first, second = make().package, make(seed=2).package
    second.archive.write_bytes(first.archive.read_bytes())
    assert wrong(second.folder.parent).file == "model.tar.gz"


def test_numbers_are_equal_within_the_tolerance_and_all_else_exactly():
    assert close({"a": [1.0, "x", None]}, {"a": [1.0 + 1e-7, "x", None]}, 1e-6)
    for got, wanted in [
        (1.0, 1.1),
        (float("nan"), 1.0),
        ("a", "b"),
        ([1], [1, 2]),
        ({"a": 1}, {"b": 1}),
        (True, 1),
        (None, 0),
    ]:
        assert not close(got, wanted, 1e-6)
