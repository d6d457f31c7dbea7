"""Fixtures of the policy's tests: the twins in one preview by the embedded engine, and the kit's own stacks."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conformance import rig
from tests.conformance.conftest import packages  # noqa: F401
from tests.conformance.recording_provider import recording
from tests.policy.cases import CASES
from trifold.policy import events
from trifold.policy.resource import Preview
from trifold.testing import Stack

PROGRAM = """
import json, pathlib, pulumi
for name, type, inputs in json.loads(pathlib.Path(__file__).with_name("resources.json").read_text()):
    pulumi.CustomResource(type, name, inputs)
"""


def preview_of(resources: list[tuple[str, str, dict[str, Any]]], folder: Path) -> list[dict[str, Any]]:
    """The events of the embedded engine's preview of (name, type, inputs)."""
    (folder / "resources.json").write_text(json.dumps(resources))
    (folder / "__main__.py").write_text(PROGRAM)
    with Stack(folder / "__main__.py") as stack:
        result = stack.preview()
        assert result
        return result.events


@pytest.fixture(scope="session")
def twins(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int, str], Preview]:
    """twins(3, "bad") -> what a real preview tells of the resources of that side of the case."""
    given = [
        (f"case-{number}-{side}-{place}", type, inputs)
        for number, case in enumerate(CASES)
        for side in ("bad", "good")
        for place, (type, inputs) in enumerate(getattr(case, side))
    ]
    found = events.preview(preview_of(given, tmp_path_factory.mktemp("twins")))

    def side(number: int, side: str) -> Preview:
        own = tuple(one for one in found.resources if one.name.startswith(f"case-{number}-{side}-"))
        assert len(own) == len(getattr(CASES[number], side))
        return Preview(own)

    return side


@pytest.fixture(scope="session")
def kit_events(packages: Path) -> Callable[..., list[dict[str, Any]]]:  # noqa: F811
    """kit_events("aws") -> the events of the embedded engine's preview of the kit's own stack; with "up", of its up."""
    kept: dict[tuple[str, str], list[dict[str, Any]]] = {}

    def run(cloud: str, verb: str = "preview") -> list[dict[str, Any]]:
        if (cloud, verb) not in kept:
            given = rig.configuration(cloud)
            providers = recording(cloud, given["trifold:account"])
            where = {"TRIFOLD_STATE": str(packages)}
            with Stack(
                rig.PROGRAM, providers=providers, config=given, name=cloud, project="trifold", environment=where
            ) as stack:
                for each in ("preview", "up"):
                    result = getattr(stack, each)()
                    assert result
                    kept[cloud, each] = result.events
        return kept[cloud, verb]

    return run
