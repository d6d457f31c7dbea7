"""Endpoint, brought up on the local cloud and asked through the vendor's own SDK."""

import hashlib
import json
import re

import pytest

from tests.conformance import rig

pytestmark = pytest.mark.e2e
PACKAGE = rig.ROOT / ".trifold" / "packages" / "flights" / "current"
TOLERANCE = 1e-6


@pytest.fixture
def sample():
    return json.loads((PACKAGE / "package" / "sample.json").read_text())


def test_it_answers_as_the_package_says(stack, sample):
    answer = stack.predict(sample["request"])
    for found, wanted in zip(answer["predictions"], sample["response"]["predictions"], strict=True):
        assert found == pytest.approx(wanted, abs=TOLERANCE)


def test_it_says_which_package_answered(stack, sample):
    digest = stack.predict(sample["request"])["package_digest"]
    wanted = stack.outputs()["package_digest"]
    assert digest in (wanted, wanted[:32])


def test_it_is_known_by_the_vendors_own_identifier(stack, sample):
    answer, outputs = stack.predict(sample["request"]), stack.outputs()
    assert plain(answer["endpoint_id"]) == plain(outputs["endpoint_id"]) and answer["state"]


def plain(identifier):
    """Resource Manager's ids are the same in any case; Vertex AI says a project's number where one said its name."""
    return re.sub(r"^projects/[^/]+/", "projects/x/", identifier).lower()


def test_a_request_that_is_wrong_is_refused_with_the_field(stack, sample):
    (first, *_) = sample["request"]["instances"]
    answer = stack.predict({"instances": [{**first, "distance": "far"}]})
    assert "distance" in answer["error"]


def test_the_archive_in_the_store_is_the_packages_byte_for_byte(stack):
    assert stack.use("archive") == hashlib.sha256((PACKAGE / "model.tar.gz").read_bytes()).hexdigest()
