"""Images of the wrong kind, in answers as the registries give them (recorded: the local clouds have no registry)."""

import json

import pytest

from trifold.doctor import images
from trifold.doctor.checks import ERROR, WARNING, Ask, Unknown

DIGEST = "sha256:" + "a" * 64
ASK = Ask("aws", "trifold", "prod", "123456789012", "eu-west-1", f"trifold-serving@{DIGEST}", {}, {}, {})
PLAIN = {"schemaVersion": 2, "config": {"digest": "sha256:c0f1"}, "layers": []}
MISSING = {"errors": [{"code": "MANIFEST_UNKNOWN", "message": "manifest unknown"}]}


def registry(type: str, manifest: dict, architecture: str = "amd64", status: int = 200):
    """A registry with one image."""

    def get(path, headers):
        if path == f"manifests/{DIGEST}":
            return status, f"{type}; charset=utf-8", json.dumps(manifest).encode()
        assert path == "blobs/sha256:c0f1"
        return 200, "application/octet-stream", json.dumps({"os": "linux", "architecture": architecture}).encode()

    return get


def judged(get, only=()):
    return list(images.judged(get, ASK, "registry/trifold-serving", only))


@pytest.mark.parametrize("type", [images.DOCKER, images.OCI])
def test_an_image_as_it_should_be(type):
    assert not judged(registry(type, PLAIN))


def test_an_image_that_is_not_there():
    (found,) = judged(registry("application/json", MISSING, status=404))
    assert (found.severity, found.mend) == (ERROR, "trifold image push -s prod")


def test_sagemaker_takes_no_oci_manifest():
    (found,) = judged(registry(images.OCI, PLAIN), only=(images.DOCKER,))
    assert found.severity == ERROR and images.OCI in found.what and found.mend.startswith("trifold image push -s prod")
    assert not judged(registry(images.DOCKER, PLAIN), only=(images.DOCKER,))


def test_an_image_for_another_platform():
    (found,) = judged(registry(images.DOCKER, PLAIN, "arm64"))
    assert found.what == "it is built for linux/arm64, and linux/amd64 is needed"
    assert found.mend == "trifold image push -s prod"


def test_a_list_of_images_has_one_for_the_platform():
    platforms = [{"platform": {"os": "linux", "architecture": one}} for one in ("arm64", "amd64")]
    assert not judged(registry(images.OCI_INDEX, {"manifests": platforms}))
    (found,) = judged(registry(images.OCI_INDEX, {"manifests": platforms[:1]}))
    assert "linux/arm64" in found.what


def test_a_registry_that_says_no_is_not_known():
    with pytest.raises(Unknown, match="answered 401"):
        judged(registry("application/json", {"errors": []}, status=401))


def test_before_the_first_up_there_is_no_registry():
    found = images.no_registry_yet(ASK, "registry")
    assert found.severity == WARNING and found.mend.endswith("&& trifold image push -s prod")


def test_an_image_of_another_registry_is_looked_for_there():
    assert images.place("ghcr.io/me/serving:1@sha256:0", "own", "p/") == ("ghcr.io", "me/serving")
    assert images.place("trifold-serving@sha256:0", "own", "p/") == ("own", "p/trifold-serving")
