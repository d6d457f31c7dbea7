"""Fixtures: one Azurite for the session, a fresh subscription for each test that asks for one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.local.azure import rig


@pytest.fixture(scope="session")
def azurite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with rig.azurite(tmp_path_factory.mktemp("azurite")) as address:
        yield address


@pytest.fixture
def local(tmp_path: Path, azurite: str) -> Iterator[rig.Local]:
    made = rig.Local(tmp_path, azurite)
    yield made
    for account in list(made.azure.store.of_kind("Microsoft.Storage/storageAccounts")):
        made.run(made.azure.blobs.azurite.give_back(account.hidden["slot"]))
        made.run(made.azure.blobs.azurite.give_back(account.hidden["versions"].slot))
    made.close()
