"""The two real packages, flights and digits, served: the reference scorer's answers, in every form a client may use."""

import base64
import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.serving.conftest import Client
from trifold.package import Package
from trifold.package.build import build
from trifold.package.scoring import Scorer

CHECKOUT = Path(__file__).resolve().parents[2]


def built(name: str) -> Package:
    """The package as `trifold model build` makes it; nothing is trained where it is there."""
    requirements = CHECKOUT / "requirements" / "serving.txt"
    root = CHECKOUT / ".trifold" / "packages"
    return build(name, root, requirements=requirements, make_current=False).package


@pytest.fixture(scope="module")
def flights() -> Package:
    return built("flights")


@pytest.fixture(scope="module")
def digits() -> Package:
    return built("digits")


@pytest.mark.parametrize("platform", ["sagemaker", "azureml", "vertex"])
def test_a_thousand_flights(serve: Any, flights: Package, platform: str) -> None:
    sample = flights.sample["request"]["instances"]
    rows = [{**sample[number % len(sample)], "departure_minute": number} for number in range(1000)]
    found = serve(flights.folder, platform).score(rows).json["predictions"]
    wanted = Scorer(flights.folder).predict(rows)
    assert [one["late"] for one in found] == pytest.approx([one["late"] for one in wanted], abs=1e-6)


def test_a_flight_with_an_unknown_carrier_and_no_weather(serve: Any, flights: Package) -> None:
    row = dict(flights.sample["request"]["instances"][0])
    row.update({column.name: None for column in flights.signature.inputs if column.nullable}, carrier="??")
    assert 0 < serve(flights.folder).score([row]).json["predictions"][0]["late"] < 1


def test_a_flight_as_csv(serve: Any, flights: Package) -> None:
    row = flights.sample["request"]["instances"][0]
    cells = ["" if row[column.name] is None else str(row[column.name]) for column in flights.signature.inputs]
    client: Client = serve(flights.folder)
    answer = client.call("POST", "/invocations", ",".join(cells).encode(), content_type="text/csv")
    wanted = flights.sample["response"]["predictions"][0]["late"]
    assert answer.json["predictions"][0]["late"] == pytest.approx(wanted, abs=1e-6)


def test_a_digit_as_png_and_as_array(serve: Any, digits: Package) -> None:
    image = Image.new("L", (8, 8))
    pixels = [255 if 2 < x < 5 else 0 for _ in range(8) for x in range(8)]
    image.putdata(pixels)
    out = io.BytesIO()
    image.save(out, "PNG")
    text = base64.b64encode(out.getvalue()).decode()
    low, high = digits.signature.inputs[0].range or (0, 255)
    array = [low + value / 255 * (high - low) for value in pixels]
    answers = serve(digits.folder).score([{"image": text}, {"image": array}]).json["predictions"]
    assert answers[0] == answers[1]
    assert answers[0]["digit"] == Scorer(digits.folder).predict([{"image": text}])[0]["digit"]
