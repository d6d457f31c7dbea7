"""A stack that nobody else has, its question to a cloud, and one check of it at a time, against the running clouds."""

import importlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from trifold.cli.doctor import ask_of, configuration_of
from trifold.doctor.checks import OK, Ask, Finding
from trifold.doctor.examine import found_by

CHECKOUT = Path(__file__).resolve().parents[2]


class Doctor:
    """ask: the clean stack's. Each call makes one check of it, with a changed ask where something is planted there."""

    def __init__(self, cloud: str, ask: Ask) -> None:
        self.cloud, self.ask = importlib.import_module(f"trifold.doctor.{cloud}"), ask
        self.client = self.cloud.Client(ask)

    def __call__(self, check: str, **changes: object) -> list[Finding]:
        ask = replace(self.ask, **changes)  # type: ignore[arg-type]
        elsewhere = {"region", "account"} & changes.keys()
        return found_by(check, self.cloud, self.cloud.Client(ask) if elsewhere else self.client, ask)

    def sign_in_anew(self) -> None:
        """With the environment as it is now."""
        self.client = self.cloud.Client(self.ask)

    def one(self, check: str, **changes: object) -> Finding:
        (found,) = self(check, **changes)
        return found

    def is_clean(self, check: str, **changes: object) -> bool:
        return self.one(check, **changes).severity == OK


@pytest.fixture
def doctor_of(clouds, monkeypatch) -> Callable[..., Doctor]:
    for name, value in clouds.env.items():
        monkeypatch.setenv(name, value)

    def make(cloud: str, stack: str = "doctored", **settings: Any) -> Doctor:
        _, configuration, root = configuration_of(cloud, str(CHECKOUT))
        given = {**configuration, **{f"trifold:{key}": value for key, value in settings.items()}}
        return Doctor(cloud, ask_of(given, "trifold", stack, root))

    return make
