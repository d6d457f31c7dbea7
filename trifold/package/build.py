"""Build a package: train unless nothing changed, write it beside, then put it in place with one rename.

    ROOT/NAME/DIGEST/{package/,model.tar.gz}   ROOT/NAME/current -> DIGEST   ROOT/NAME/.inputs/FINGERPRINT holds DIGEST

A build that is killed leaves at most a `.building-*` folder, which the next build removes.
"""

import contextlib
import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trifold.package import archive, gate, mlmodel
from trifold.package import manifest as manifests
from trifold.package.errors import BuildError, PackageError
from trifold.package.folder import ARCHIVE, FOLDER, Package, load
from trifold.package.recipe import Recipe, TrainedModel, find
from trifold.package.threads import one_thread
from trifold.package.verify import verify_folder

SEED = 1
BESIDE = ".building-"
TOOLS = ("mlflow-skinny", "onnx", "onnxruntime", "numpy")


@dataclass(frozen=True)
class Result:
    """A built package, and whether it had to be trained."""

    package: Package
    trained: bool


def build(
    entry_point: str, root: str | os.PathLike[str], *, requirements: Path, seed: int = SEED, make_current: bool = True
) -> Result:
    """Build the package of an entry point under `root` and, unless told otherwise, make it the current one.

    requirements: the server's locked requirements, which become part of the package. Raises BuildError.
    """
    recipe = find(entry_point)
    recipe = Recipe(recipe.name, recipe.entry, recipe.train, recipe.data, tuple({*recipe.tools, *TOOLS}))
    home = Path(root) / recipe.name
    (home / ".inputs").mkdir(parents=True, exist_ok=True)
    with _locked(home / ".lock"):
        known = home / ".inputs" / recipe.fingerprint(seed, requirements)
        before = _built(home, known)
        digest = before or _train(recipe, seed, requirements, home)
        _write_text(known, digest)
        if make_current:
            _point(home / "current", digest)
    return Result(load(home / digest / FOLDER), trained=not before)


def _built(home: Path, known: Path) -> str:
    """The digest that these inputs gave before, if that package is still whole; else ''."""
    try:
        digest = known.read_text()
        folder = home / digest / FOLDER
        manifest = manifests.read(folder)
        manifests.check(folder, manifest)
        return digest if manifest["digest"] == digest and (home / digest / ARCHIVE).is_file() else ""
    except (FileNotFoundError, PackageError):
        return ""


def _train(recipe: Recipe, seed: int, requirements: Path, home: Path) -> str:
    """Train, write the package beside its place and rename it; returns its digest."""
    for left in home.glob(f"{BESIDE}*"):
        shutil.rmtree(left)
    with one_thread():
        trained = recipe.train(seed)
    if not isinstance(trained, TrainedModel):
        raise BuildError(f"{recipe.entry} returned {type(trained).__name__}, not TrainedModel", where=recipe.entry)
    reasons = gate.failures(trained.metrics)
    if reasons:
        raise BuildError(f"'{recipe.name}' is not better than its baselines", "; ".join(reasons), "mend the model")
    beside = Path(tempfile.mkdtemp(prefix=BESIDE, dir=home))
    try:
        _fill(beside, recipe, trained, seed, requirements)
        digest = manifests.read(beside / FOLDER)["digest"]
        _place(beside, home / digest)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return digest


def _fill(beside: Path, recipe: Recipe, trained: TrainedModel, seed: int, requirements: Path) -> None:
    """The package and its archive, in a folder that nobody looks at yet."""
    try:
        write(beside / FOLDER, recipe, trained, seed, requirements)
        verify_folder(beside / FOLDER, score=False)
    except Exception as error:  # ONNX Runtime raises its own kinds; any of them means a wrong model, not a wrong build
        raise BuildError(
            f"'{recipe.name}' cannot be packaged: {error}", recipe.entry, "mend the entry point"
        ) from error
    archive.pack(beside / FOLDER, beside / ARCHIVE)
    beside.chmod(0o755)


def _place(beside: Path, place: Path) -> None:
    """Rename into place; a package that lies there is damaged, otherwise it would have been found."""
    if place.exists():
        old = Path(tempfile.mkdtemp(prefix=BESIDE, dir=place.parent))
        place.rename(old / place.name)
        shutil.rmtree(old)
    beside.rename(place)


def write(folder: Path, recipe: Recipe, trained: TrainedModel, seed: int, requirements: Path) -> None:
    """All files of the package; the sample's answers come from ONNX Runtime."""
    from trifold.package.scoring import Scorer

    provenance = {**recipe.provenance(seed), "notes": dict(trained.notes)}
    tools = provenance["tools"]
    (folder / mlmodel.CODE).parent.mkdir(parents=True)
    (folder / "model.onnx").write_bytes(trained.onnx)
    _write_json(folder / "signature.json", trained.signature.to_json())
    _write_json(folder / "metrics.json", trained.metrics)
    _write_json(folder / "provenance.json", provenance)
    _write_text(folder / "card.md", trained.card)
    _write_text(folder / "requirements.txt", requirements.read_text())
    _write_text(folder / "MLmodel", mlmodel.text(trained.signature, tools["onnx"], tools))
    _write_text(folder / "python_env.yaml", mlmodel.python_env(tools))
    (folder / mlmodel.CODE).write_bytes(mlmodel.code())
    answers = Scorer(folder).predict(trained.sample)
    sample = {"request": {"instances": trained.sample}, "response": {"predictions": answers}}
    _write_json(folder / "sample.json", {**sample, "tolerance": trained.tolerance})
    _write_json(folder / manifests.FILE, manifests.make(folder, recipe.name))


@contextlib.contextmanager
def _locked(file: Path) -> Iterator[None]:
    """One build of a name at a time; the lock goes with the process."""
    with file.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _point(link: Path, digest: str) -> None:
    """Make `current` point to the digest, in one step."""
    if link.is_symlink() and str(link.readlink()) == digest:
        return
    part = link.with_name(".current.part")
    part.unlink(missing_ok=True)
    part.symlink_to(digest)
    part.replace(link)


def _write_json(file: Path, value: Any) -> None:
    _write_text(file, json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False) + "\n")


def _write_text(file: Path, text: str) -> None:
    part = file.with_name(file.name + ".part")
    part.write_text(text, encoding="utf-8")
    part.replace(file)
