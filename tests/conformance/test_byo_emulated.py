"""Bring your own on the local clouds: what is there is used and stays; what is not there, or not inside, is refused."""

import pytest

from tests.conformance import brought, own

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.timeout(600),
    pytest.mark.notlive("what is brought along is made up here; on an account it is the user's"),
]
OTHERS = ("azure", "gcp")
THERE = {"region": "us-east-1", "registry": "team/trifold-serving", "store": "team-models", "identity": "endpoints"}
PARTS = {part: brought.EXISTING["aws"][part] for part in ("registry", "store", "identity")}
LOCAL_USER = "arn:aws:iam::000000000000:user/trifold"


@pytest.fixture
def mine(clouds, cloud, tmp_path):
    """A stack of one's own; gone when the test is."""
    found = own.project(clouds, cloud, tmp_path)
    found.brings()
    yield found
    found.attempt("destroy", "--yes", "-s", found.name)


@pytest.fixture
def there(mine):
    """What a platform team has made, by the vendor's SDK."""
    mine.use("bring", THERE)
    yield THERE
    mine.attempt("destroy", "--yes", "-s", mine.name)
    mine.use("take_away", THERE)


def test_a_part_that_is_not_there_is_refused(mine, cloud):
    part = "registry"
    id = brought.EXISTING[cloud][part].replace("team", "nobodys")
    mine.brings(existing={part: id})
    done = mine.attempt("preview", "-s", mine.name)
    told = done.stdout + done.stderr
    assert done.returncode != 0 and f"{id} was not found" in told and f"trifold:existing.{part}" in told


@pytest.mark.soak
@pytest.mark.notyet("the parts are made by the vendor's SDK on AWS only, so far", clouds=OTHERS)
def test_what_is_there_serves_and_is_left_as_it_was(mine, there):
    before = mine.use("brought", there)
    mine.brings(existing=PARTS)
    mine.run("up", "--yes")
    outputs = mine.outputs()
    assert outputs["store"] == "s3://team-models" and outputs["endpoint_name"]
    assert len(mine.use("brought", there)) > len(before)
    assert mine.run("preview", "--expect-no-changes")
    mine.run("destroy", "--yes")
    assert mine.use("brought", there) == before


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
