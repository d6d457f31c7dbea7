"""The identities that deploy and preview a stack: enough for that, and nothing more."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.local.aws import working
from tests.local.aws.conftest import Cloud, separate


@pytest.fixture(scope="module")
def friendly(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    with separate(tmp_path_factory.mktemp("api"), hostile=False) as cloud:
        yield cloud


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return working.package(tmp_path_factory.mktemp("state"))


def test_a_stack_is_deployed_by_one_and_previewed_by_the_other(friendly: Cloud, state: Path) -> None:
    roles = working.identities(friendly)
    with working.stack(friendly, state) as stack:
        stack.as_who(working.assumed(friendly, roles["deploy"]))
        assert stack.up()
        stack.as_who(working.assumed(friendly, roles["preview"]))
        assert not stack.preview(refresh=True).changed
        stack.config["trifold:keepVersionsDays"] = "7"
        refused = stack.up()
        assert refused.failed and "is not authorized to perform: s3:PutLifecycleConfiguration" in str(refused)
        stack.as_who(working.assumed(friendly, roles["deploy"]))
        assert stack.up()
        assert stack.destroy()
