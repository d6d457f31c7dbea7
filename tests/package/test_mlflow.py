"""MLflow's own tools load a package, and give the server's numbers."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from model_packages.flights.data import held_out_records
from trifold.package import Package, load, verify
from trifold.package.verify import close
from trifold.serving.rows import Reader
from trifold.serving.scorer import Scorer as ServerScorer

# Runs in a process of its own, where trifold cannot be imported: the package brings what MLflow needs.
PREDICT = """
import json, pathlib, sys
sys.modules["trifold"] = None
import mlflow.onnx, mlflow.pyfunc, pandas as pd
answers = []
for folder, request in json.load(sys.stdin):
    model = mlflow.pyfunc.load_model(folder)
    answers.append(model.predict(pd.DataFrame(request)).to_dict(orient="records"))
    answers.append(model.predict(pd.DataFrame(request[-1:])).to_dict(orient="records"))
    mlflow.onnx.load_model(folder)
json.dump(answers, sys.stdout)
"""


@pytest.fixture(scope="module")
def requests(flights: Package, digits: Package) -> list[tuple[Package, list[dict]]]:
    """A thousand held-out flights, the sample's odd ones at the end; and the digits' sample."""
    odd = flights.sample["request"]["instances"]
    return [(flights, [*held_out_records(1000 - len(odd)), *odd]), (digits, digits.sample["request"]["instances"])]


@pytest.fixture(scope="module")
def answers(requests, tmp_path_factory) -> list[list[dict]]:
    """MLflow's answers: for each package those of the whole request, then that of its last instance alone."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    environment["MLFLOW_TRACKING_URI"] = str(tmp_path_factory.mktemp("mlruns"))
    got = subprocess.run(
        [sys.executable, "-c", PREDICT],
        input=json.dumps([(str(package.folder), request) for package, request in requests]),
        capture_output=True,
        text=True,
        timeout=120,
        env=environment,
        cwd=environment["MLFLOW_TRACKING_URI"],
    )
    assert got.returncode == 0, got.stderr
    return json.loads(got.stdout)


@pytest.mark.parametrize("number", [0, 1], ids=["flights", "digits"])
def test_mlflow_gives_the_servers_numbers(requests, answers, number):
    package, request = requests[number]
    server = served(package, request)
    whole, last = answers[2 * number : 2 * number + 2]
    assert len(whole) == len(server) == len(request)
    assert all(close(got, wanted, 1e-6) for got, wanted in zip(whole, server, strict=True))
    assert close(last[0], server[-1], 1e-6)


def served(package: Package, request: list[dict]) -> list[dict]:
    """What the server answers, without its HTTP."""
    signature = load(package.folder).signature
    rows = Reader(signature, 1 << 24).read(json.dumps({"instances": request}).encode())
    return ServerScorer(Path(package.folder) / "model.onnx", signature, threads=1).score(rows)


def test_loading_it_with_mlflow_leaves_the_package_as_it_was(requests, answers):
    for package, _ in requests:
        verify(package.folder.parent)


def test_whole_numbers_for_a_double_and_a_column_of_nulls_are_no_trouble(flights):
    """A data frame makes int64 of JSON's 3 and object of nulls, which MLflow's own schema check would refuse."""
    from trifold.package.scoring import MlflowModel

    row = {**flights.sample["request"]["instances"][0], "plane_age": 14, "temp": 50, "wind_gust": None}
    floats = {**row, "plane_age": 14.0, "temp": 50.0}
    model = MlflowModel(flights.folder)
    assert model.predict([row]).equals(model.predict([floats]))
