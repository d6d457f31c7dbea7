"""A package that is built in milliseconds (a graph that adds), and the two real ones, built once a checkout."""

import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from trifold.package import Package
from trifold.package.build import Result, build

CHECKOUT = Path(__file__).resolve().parents[2]
REQUIREMENTS = CHECKOUT / "requirements" / "serving.txt"

# A user's own module: no training, one graph. Tests change its text to make other models of it.
ADDER = """
from trifold.package import Column, OutputColumn, Signature, TrainedModel, packaged

METRICS = {"gates": {"brier": "lower"}, "model": {"brier": 0.1}, "baselines": {"guess": {"brier": 0.2}}}
SIGNATURE = Signature(
    (Column("a", "double"), Column("b", "double", nullable=True, unit="m"), Column("word", "string", True)),
    (OutputColumn("sum", "double", "total", 0), OutputColumn("known", "long", "known", 0)),
)
SAMPLE = [{"a": n, "b": n / 2, "word": w} for n, w in enumerate(["one", "two", None, "what", ""])]


def graph(seed):
    from onnx import TensorProto, helper

    add = helper.make_node("Add", ["a", "b"], ["total"])
    look = helper.make_node(
        "LabelEncoder", ["word"], ["known"], domain="ai.onnx.ml", keys_strings=["one", "two"], values_int64s=[1, seed],
        default_int64=0,
    )
    columns = [
        helper.make_tensor_value_info(name, kind, [None, 1])
        for name, kind in (("a", TensorProto.FLOAT), ("b", TensorProto.FLOAT), ("word", TensorProto.STRING))
    ]
    results = [
        helper.make_tensor_value_info("total", TensorProto.FLOAT, [None, 1]),
        helper.make_tensor_value_info("known", TensorProto.INT64, [None, 1]),
    ]
    opsets = [helper.make_opsetid("", 18), helper.make_opsetid("ai.onnx.ml", 3)]
    model = helper.make_model(helper.make_graph([add, look], "adder", columns, results), opset_imports=opsets)
    model.ir_version = 9
    return model.SerializeToString(deterministic=True)


@packaged(name="adder")
def train(seed):
    return TrainedModel(graph(seed), SIGNATURE, SAMPLE, METRICS, "# Adder")
"""


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., str]]:
    """Writes a user's module and returns its name; keywords are texts to replace in ADDER."""
    folder = tmp_path / "user"
    folder.mkdir()
    monkeypatch.syspath_prepend(folder)
    written = []

    def write(name: str = "adder_model", replace: dict[str, str] | None = None) -> str:
        text = ADDER
        for old, new in (replace or {}).items():
            assert old in text
            text = text.replace(old, new)
        (folder / f"{name}.py").write_text(text)
        sys.modules.pop(name, None)
        written.append(name)
        return name

    yield write
    for name in written:
        sys.modules.pop(name, None)


@pytest.fixture
def make(module: Callable[..., str], tmp_path: Path) -> Callable[..., Result]:
    """Builds the adder; keywords are the texts to replace, the seed, and the folder."""

    def make(replace: dict[str, str] | None = None, seed: int = 1, root: str = "packages") -> Result:
        entry = f"{module(replace=replace)}:train"
        return build(entry, tmp_path / root, requirements=REQUIREMENTS, seed=seed)

    return make


@pytest.fixture
def adder(make: Callable[..., Result]) -> Package:
    return make().package


@pytest.fixture
def copy(adder: Package, tmp_path: Path) -> Path:
    """A copy of the adder's folder that a test may spoil."""
    return Path(shutil.copytree(adder.folder, tmp_path / "copy"))


@pytest.fixture(scope="session")
def flights() -> Package:
    return built("flights")


@pytest.fixture(scope="session")
def digits() -> Package:
    return built("digits")


def built(name: str) -> Package:
    """The checkout's own package; trained only where it was not, and never made the current one by a test."""
    return build(name, CHECKOUT / ".trifold" / "packages", requirements=REQUIREMENTS, make_current=False).package
