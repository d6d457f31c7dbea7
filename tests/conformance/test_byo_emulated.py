"""Bring your own on the local clouds: what is there is used and stays; what is not there, or not inside, is refused."""

import json

import pytest

from infra.offers import OFFERS
from tests.conformance import brought, own, rig
from tests.conformance.test_endpoint_emulated import PACKAGE

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.timeout(600),
    pytest.mark.notlive("what is brought along is made up here; on an account it is the user's"),
]
OTHERS, OTHERS_OF_AZURE = ("azure", "gcp"), ("aws", "gcp")
PARTS = {
    cloud: {part: brought.EXISTING[cloud][part] for part in parts}
    for cloud, parts in {
        "aws": ("registry", "store", "identity"),
        "azure": ("home", "registry", "store", "identity", "vault", "logs"),
        "gcp": ("registry", "store", "identity"),
    }.items()
}
STORES = {
    "aws": "s3://team-models",
    "azure": "https://teammodels.blob.core.windows.net/packages",
    "gcp": "gs://team-models",
}
ACCOUNT = brought.EXISTING["azure"]["store"].partition("/blobServices/")[0]
LOCAL_USER = "arn:aws:iam::000000000000:user/trifold"


@pytest.fixture
def mine(clouds, cloud, tmp_path):
    """A stack of one's own; gone when the test is."""
    found = own.project(clouds, cloud, tmp_path)
    found.brings()
    yield found
    found.attempt("destroy", "--yes", "-s", found.name)


@pytest.fixture
def parts(cloud):
    """What of it the stack uses; a test may say otherwise."""
    return PARTS[cloud]


@pytest.fixture
def there(mine, cloud, parts):
    """What a platform team has made, by the vendor's SDK."""
    file = rig.configuration(cloud)
    place = {"account": file["trifold:account"], "region": file[OFFERS[cloud].region_key]}
    made = {**place, **brought.EXISTING[cloud], **parts}
    mine.use("bring", made)
    yield made
    mine.attempt("destroy", "--yes", "-s", mine.name)
    mine.use("take_away", made)


def test_a_part_that_is_not_there_is_refused(mine, cloud):
    part = "registry"
    id = brought.EXISTING[cloud][part].replace("team", "nobodys")
    mine.brings(existing={part: id})
    done = mine.attempt("preview", "-s", mine.name)
    told = done.stdout + done.stderr
    assert done.returncode != 0 and f"{id} was not found" in told and f"trifold:existing.{part}" in told


@pytest.mark.soak
def test_what_is_there_serves_and_is_left_as_it_was(mine, there, cloud, parts):
    assert serves_and_is_left(mine, there, parts)["store"] == STORES[cloud]


@pytest.mark.soak
@pytest.mark.never("the others have no workspace, and a bucket is all of a store", clouds=OTHERS_OF_AZURE)
@pytest.mark.parametrize("parts", [{"workspace": brought.EXISTING["azure"]["workspace"], "store": ACCOUNT}])
def test_a_workspace_and_an_account_serve_and_are_left_as_they_were(mine, there, parts):
    outputs = serves_and_is_left(mine, there, parts)
    assert outputs["store"].startswith("https://teammodels.blob.core.windows.net/trifold-")


def serves_and_is_left(mine, there, parts):
    """The outputs of a stack that uses the parts, served by them, and is gone without a trace."""
    before = mine.use("brought", there)
    mine.brings(existing=parts)
    mine.run("up", "--yes")
    sample, outputs = json.loads((PACKAGE / "package" / "sample.json").read_text()), mine.outputs()
    answer = mine.predict(sample["request"])
    assert answer["package_digest"][:32] == outputs["package_digest"][:32]
    assert len(mine.use("brought", there)) > len(before)
    assert mine.run("preview", "--expect-no-changes")
    mine.run("destroy", "--yes")
    assert mine.use("brought", there) == before
    return outputs


@pytest.mark.notemulated("no local cloud has a network; only AWS's policies tell who comes from none", clouds=OTHERS)
def test_in_a_private_network_who_is_outside_is_denied_unless_trusted(mine):
    network = brought.CONNECTED["aws"]
    mine.brings(network=network)
    denied = mine.attempt("up", "--yes", "-s", mine.name)
    told = denied.stdout + denied.stderr
    assert denied.returncode != 0 and "AccessDenied" in told and "explicit deny in a resource-based policy" in told
    mine.brings(network={**network, "trusted": [LOCAL_USER]})
    mine.run("up", "--yes")
    assert mine.outputs()["endpoint_name"]


@pytest.mark.notemulated("no local cloud has a key service: what is encrypted with is kept and read back")
def test_what_a_key_encrypts_is_read_by_who_may_use_the_key(mine, cloud):
    mine.brings(key=brought.KEYS[cloud])
    mine.run("up", "--yes")


@pytest.mark.notemulated("the local AWS knows no boundary of a role", clouds=("aws",))
@pytest.mark.never("AWS only: its roles have one", clouds=OTHERS)
def test_a_boundary_bounds_what_a_role_may_do(mine):
    mine.brings(role={"permissionsBoundary": "arn:aws:iam::000000000000:policy/team-boundary"})
    mine.run("up", "--yes")
