"""The server, built for speed, answers what the package's own reference scorer answers."""

import json
import random
from pathlib import Path
from typing import Any

import pytest

from tests.serving import packages
from trifold.package.scoring import Scorer


def rows(count: int) -> list[dict[str, Any]]:
    chance = random.Random(7)
    return [
        {
            "carrier": chance.choice(["UA", "AA", "zz", "", "é"]),
            "tail": chance.choice(["N1", None, "x" * 50]),
            "distance": chance.choice([0, -1.5, 1e30, chance.uniform(0, 3000)]),
            "temp": chance.choice([None, chance.gauss(50, 20)]),
            "hour": chance.randrange(24),
            "seats": chance.choice([None, 0, -5, 2**62, chance.randrange(400)]),
            "holiday": chance.random() < 0.5,
        }
        for _ in range(count)
    ]


@pytest.mark.parametrize("count", [1, 2, 100])
def test_records(serve: Any, records: Path, count: int) -> None:
    instances = rows(count)
    found, wanted = serve(records).score(instances).json["predictions"], Scorer(records).predict(instances)
    assert [one["late"] for one in found] == pytest.approx([one["late"] for one in wanted], abs=1e-6)
    assert [one["both"] for one in found] == [pytest.approx(one["both"], abs=1e-6) for one in wanted]


def test_images(serve: Any, images: Path) -> None:
    instances = json.loads((images / "sample.json").read_text())["request"]["instances"]
    found, wanted = serve(images).score(instances).json["predictions"], Scorer(images).predict(instances)
    assert [one["mean"] for one in found] == pytest.approx([one["mean"] for one in wanted], abs=1e-5)


def test_the_fixture_is_right(serve: Any, records: Path) -> None:
    instances = rows(50)
    found = serve(records).score(instances).json["predictions"]
    assert [one["late"] for one in found] == pytest.approx([packages.late(row) for row in instances], abs=1e-5)
