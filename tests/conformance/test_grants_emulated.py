"""Grants and locks, on the local cloud through the vendor's SDK: works with it; without it, the vendor's own denial."""

import re

import pytest

from tests.conformance import grants, rig

pytestmark = pytest.mark.e2e


def tried(cloud, grant):
    marks = [pytest.mark.notemulated(grant.gap)] if grant.gap else []
    return pytest.param(cloud, grant, id=f"{cloud}-{grant.name}", marks=marks)


@pytest.fixture(scope="module")
def accounts(clouds):
    """The local clouds' environment; what tries made for one another goes after the last."""
    with pytest.MonkeyPatch.context() as patched:
        for name, value in clouds.env.items():
            patched.setenv(name, value)
        yield clouds
        grants.put_away()


@pytest.fixture
def hands(cloud, accounts):
    """What a try gets."""
    made = grants.rig_of(cloud, accounts.state)
    with made.after:
        yield made


@pytest.mark.parametrize(("cloud", "grant"), [tried(one, grant) for one in rig.CLOUDS for grant in grants.of(one)])
def test_a_grant(hands, cloud, grant):
    grant.held(hands)
    said = grant.denied(hands)
    assert re.fullmatch(grant.denial, said), said
