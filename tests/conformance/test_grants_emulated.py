"""Grants and locks, on the local cloud through the vendor's SDK: works with it; without it, the vendor's own denial."""

import re

import pytest

from tests.conformance import grants, rig

pytestmark = pytest.mark.e2e


def tried(cloud, grant):
    marks = [pytest.mark.notemulated(grant.gap)] if grant.gap else []
    return pytest.param(cloud, grant, id=f"{cloud}-{grant.name}", marks=marks)


@pytest.fixture
def held(cloud, clouds, monkeypatch):
    """What a try gets: the local clouds' environment, and fresh names."""
    for name, value in clouds.env.items():
        monkeypatch.setenv(name, value)
    return grants.rig_of(cloud, clouds.state)


@pytest.mark.parametrize(("cloud", "grant"), [tried(one, grant) for one in rig.CLOUDS for grant in grants.of(one)])
def test_a_grant(held, cloud, grant):
    grant.held(held)
    said = grant.denied(held)
    assert re.fullmatch(grant.denial, said), said
