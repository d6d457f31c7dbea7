"""Storage, brought up on the local cloud and used through the vendor's own SDK."""

import pytest

pytestmark = pytest.mark.e2e


def test_an_overwritten_object_can_be_had_back(stack):
    assert stack.use("overwrite") == ["new", "old"]


def test_nobody_without_credentials_reads_it(stack):
    assert stack.use("anonymous") in (401, 403, 404, 409)
