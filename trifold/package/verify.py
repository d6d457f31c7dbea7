"""Check a package, folder or archive: digests, shape, sample. Names the first file that is wrong."""

import math
import os
import tempfile
from pathlib import Path
from typing import Any

from trifold.package import gate
from trifold.package import manifest as manifests
from trifold.package.errors import PackageError
from trifold.package.folder import ARCHIVE, FOLDER, Package, load

REQUIRED = (
    "MLmodel",
    "card.md",
    "metrics.json",
    "model.onnx",
    "provenance.json",
    "requirements.txt",
    "sample.json",
    "signature.json",
)
MIN_SAMPLE = 5


def verify(path: str | os.PathLike[str], *, score: bool = True, max_bytes: int | None = None) -> Package:
    """Check the package at `path`: its folder, its archive, or the folder that holds both.

    score: also run the sample through the model. max_bytes: of an archive's content (None: archive.MAX_BYTES). Raises
    PackageError. Of an archive the returned Package's folder is gone when this returns.
    """
    place = Path(path)
    if not place.exists():
        raise PackageError(place.name, "there is no such file or folder", where=str(place))
    if place.is_file():
        from trifold.package.archive import MAX_BYTES, unpack

        with tempfile.TemporaryDirectory(prefix="trifold-verify-") as scratch:
            return verify_folder(unpack(place, Path(scratch) / "package", max_bytes or MAX_BYTES), score)
    if (place / manifests.FILE).exists() or not (place / FOLDER).is_dir():
        return verify_folder(place, score)
    package = verify_folder(place / FOLDER, score)
    if verify(place / ARCHIVE, score=False).digest != package.digest:
        raise PackageError(ARCHIVE, "holds another package than the folder beside it", where=str(place))
    return package


def verify_folder(folder: Path, score: bool) -> Package:
    manifest = manifests.read(folder)
    manifests.check(folder, manifest)
    for name in REQUIRED:
        if name not in manifest["files"]:
            raise PackageError(name, "is missing, and the manifest does not list it", where=str(folder))
    package = load(folder)
    check_metrics(folder)
    check_sample(package)
    if score:
        check_answers(package)
    return package


def check_metrics(folder: Path) -> None:
    reasons = gate.failures(manifests.read_json(folder, "metrics.json"))
    if reasons:
        raise PackageError("metrics.json", reasons[0], where=str(folder))


def check_sample(package: Package) -> None:
    """The sample's shape: enough instances, all columns, one prediction for each."""
    try:
        instances = package.sample["request"]["instances"]
        predictions = package.sample["response"]["predictions"]
        tolerance = package.sample["tolerance"]
    except (KeyError, TypeError) as error:
        raise PackageError("sample.json", f"has no {error}", where=str(package.folder)) from None
    if not isinstance(instances, list) or not isinstance(predictions, list) or len(instances) < MIN_SAMPLE:
        raise PackageError("sample.json", f"has fewer than {MIN_SAMPLE} instances", where=str(package.folder))
    small = type(tolerance) in (int, float) and 0 <= tolerance < 1
    if len(instances) != len(predictions) or not small:
        raise PackageError("sample.json", "has not one prediction an instance, or no tolerance below 1")
    known = {column.name for column in package.signature.inputs}
    for row, instance in enumerate(instances):
        if not isinstance(instance, dict) or not set(instance) <= known:
            raise PackageError("sample.json", f"instance {row} has a column that signature.json does not name")


def check_answers(package: Package) -> None:
    """Score the sample and compare. An answer within the tolerance of the expected one is equal."""
    from trifold.package.scoring import Scorer

    try:
        scorer = Scorer(package.folder)
    except Exception as error:  # ONNX Runtime raises its own kinds for a model it cannot load
        raise PackageError("model.onnx", f"cannot be loaded ({error})", where=str(package.folder)) from None
    try:
        answers = scorer.predict(package.sample["request"]["instances"])
    except Exception as error:
        raise PackageError("sample.json", f"cannot be scored ({error})", where=str(package.folder)) from None
    expected = package.sample["response"]["predictions"]
    for row, (got, wanted) in enumerate(zip(answers, expected, strict=True)):
        if not close(got, wanted, package.sample["tolerance"]):
            raise PackageError("sample.json", f"instance {row}: the model answers {got}, not {wanted}")


def close(got: Any, wanted: Any, tolerance: float) -> bool:
    """Whether two JSON values are equal, numbers within an absolute tolerance."""
    if isinstance(wanted, dict):
        return (
            isinstance(got, dict)
            and got.keys() == wanted.keys()
            and all(close(got[k], wanted[k], tolerance) for k in got)
        )
    if isinstance(wanted, list):
        same = isinstance(got, list) and len(got) == len(wanted)
        return same and all(close(a, b, tolerance) for a, b in zip(got, wanted, strict=True))
    if type(wanted) in (int, float) and type(got) in (int, float):
        return math.isfinite(got) and abs(got - wanted) <= tolerance
    return type(got) is type(wanted) and got == wanted
