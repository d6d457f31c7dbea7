"""Grants and locks, on the local cloud through the vendor's SDK: works with it; without it, the vendor's own denial."""

import re
import subprocess
import sys

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


@pytest.mark.parametrize(("cloud", "grant"), [tried(one, grant) for one in rig.CLOUDS for grant in grants.of(one)])
def test_a_grant(accounts, cloud, grant):
    said = elsewhere(accounts, cloud, grant) if cloud == "gcp" else here(accounts, cloud, grant)
    assert re.fullmatch(grant.denial, said), said


def here(accounts, cloud, grant):
    """What is said without the grant, with which it works."""
    made = grants.rig_of(cloud, accounts.state)
    with made.after:
        grant.held(made)
        return grant.denied(made)


def elsewhere(accounts, cloud, grant):
    """The same from a process of its own, see tests/conformance/grants/__main__.py."""
    command = [sys.executable, "-m", "tests.conformance.grants", cloud, grant.name, str(accounts.state)]
    done = subprocess.run(command, cwd=rig.ROOT, env=accounts.env, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout
