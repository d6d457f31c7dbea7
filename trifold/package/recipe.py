"""How a model tells the kit to build it: an entry point, what it is made from, and what it returns.

An entry point is a function `train(seed: int) -> TrainedModel`. Its module is cheap to import (what is heavy is
imported inside), since the kit imports it to see whether anything changed.
"""

import hashlib
import importlib
import importlib.util
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from trifold.package.errors import BuildError
from trifold.package.manifest import NAME
from trifold.package.signature import Signature

OWN_MODELS = "model_packages"
ENTRY = re.compile(r"[A-Za-z_][\w.]*:[A-Za-z_]\w*")


@dataclass(frozen=True)
class TrainedModel:
    """What an entry point returns.

    sample: at least five instances, strings and missing values among them where the model takes such; their expected
    predictions are computed by `build`, with ONNX Runtime. metrics: see docs/package.md; `build` refuses a model
    whose "model" is not better than each of "baselines" by every one of "gates". card: Markdown.
    """

    onnx: bytes
    signature: Signature
    sample: list[dict[str, Any]]
    metrics: dict[str, Any]
    card: str
    tolerance: float = 1e-6
    notes: Mapping[str, Any] = field(default_factory=dict)


Train = Callable[[int], TrainedModel]


@dataclass(frozen=True)
class Recipe:
    """An entry point with its inputs: data files as `python_package/path`, tools as names of distributions."""

    name: str
    entry: str
    train: Train
    data: tuple[str, ...]
    tools: tuple[str, ...]

    def provenance(self, seed: int) -> dict[str, Any]:
        """Digests of data and code, seed and tool versions: no clock, no path, no commit."""
        import platform

        return {
            "entry_point": self.entry,
            "seed": seed,
            "data": {path: _sha256(data_file(path)) for path in self.data},
            "code": {path: _sha256(file) for path, file in sorted(_sources(self.train.__module__).items())},
            "tools": {"python": platform.python_version(), **{name: _version(name) for name in sorted(self.tools)}},
        }

    def fingerprint(self, seed: int, requirements: Path) -> str:
        """One digest of everything that a build depends on."""
        inputs = {**self.provenance(seed), "requirements": _sha256(requirements)}
        return hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()


def packaged(name: str, data: tuple[str, ...] = (), tools: tuple[str, ...] = ()) -> Callable[[Train], Train]:
    """Decorate an entry point with the package's name, its data files and the distributions that shape the result."""

    def decorate(train: Train) -> Train:
        train.recipe = {"name": name, "data": tuple(data), "tools": tuple(tools)}  # type: ignore[attr-defined]
        return train

    return decorate


def find(entry_point: str) -> Recipe:
    """The recipe of `module:function`, or of a name: the entry point `train` of `model_packages.NAME`."""
    entry = entry_point if ":" in entry_point else f"{OWN_MODELS}.{entry_point}:train"
    if not ENTRY.fullmatch(entry):
        raise BuildError(f"'{entry_point}' is no entry point", next="give a name, or module:function")
    module_name, function_name = entry.split(":")
    train = getattr(_import(module_name, entry_point), function_name, None)
    if not callable(train):
        raise BuildError(f"module '{module_name}' has no function '{function_name}'", where=entry)
    recipe = getattr(train, "recipe", {"name": function_name.replace("_", "-"), "data": (), "tools": ()})
    if not NAME.fullmatch(recipe["name"]):
        raise BuildError(
            f"the package's name '{recipe['name']}' is not lower-case letters, digits, dashes", where=entry
        )
    return Recipe(recipe["name"], entry, train, recipe["data"], recipe["tools"])


def data_file(path: str) -> Path:
    """The file of `python_package/path`, found without importing the package."""
    package, _, rest = path.partition("/")
    spec = importlib.util.find_spec(package)
    for folder in (spec.submodule_search_locations or []) if spec else []:
        if (Path(folder) / rest).is_file():
            return Path(folder) / rest
    raise BuildError(f"the data file '{path}' is not installed", next="make setup")


def _import(module: str, entry_point: str) -> Any:
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        if error.name is None or not (module == error.name or module.startswith(error.name + ".")):
            raise
        known = ", ".join(sorted(_own_models()))
        hint = f"one of {known}; or module:function, the module on PYTHONPATH or in the current folder"
        raise BuildError(f"there is no model '{entry_point}'", where=f"module {module}", next=hint) from None


def _own_models() -> list[str]:
    spec = importlib.util.find_spec(OWN_MODELS)
    folders = (spec.submodule_search_locations or []) if spec else []
    return [file.parent.name for folder in folders for file in Path(folder).glob("*/__init__.py")]


def _sources(module: str) -> dict[str, Path]:
    """Python files that shape the result: the entry point's own package (or its one file), and this room's."""
    found = {}
    for name in (module, "trifold.package"):
        spec = importlib.util.find_spec(name)
        if spec is None or spec.origin is None:
            continue
        origin = Path(spec.origin)
        files = sorted(origin.parent.rglob("*.py")) if origin.name == "__init__.py" else [origin]
        top = name.replace(".", "/")
        found.update({f"{top}/{file.relative_to(origin.parent).as_posix()}": file for file in files})
    return found


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _version(distribution: str) -> str:
    from importlib.metadata import PackageNotFoundError, version  # here, since a server that starts needs none of it

    try:
        return version(distribution)
    except PackageNotFoundError:
        raise BuildError(f"'{distribution}', which the model needs, is not installed", next="make setup") from None
