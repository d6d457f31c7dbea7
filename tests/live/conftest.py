"""Local clouds in the place of an account: the one place where the pin is off, by `_live`'s own arguments."""

import shutil

import pytest

from tests.conformance import rig
from tests.conformance.copied import copy_project
from tests.conformance.up import TRIFOLD
from tests.live import plan, record, run


@pytest.fixture(params=rig.CLOUDS)
def cloud(request):
    return request.param


@pytest.fixture
def project(tmp_path):
    """A copy of the project, with a stack `live-<cloud>` for each local cloud."""
    folder = copy_project(tmp_path)
    for cloud in rig.CLOUDS:
        shutil.copy(folder / "stacks" / f"Pulumi.{cloud}.yaml", folder / "stacks" / f"Pulumi.live-{cloud}.yaml")
    return folder


@pytest.fixture
def place(project, clouds, tmp_path):
    """The local clouds, by `pulumi` where it is there; without a rehearsal, which would be the same again."""
    engine = shutil.which("pulumi")
    command = [engine] if engine else TRIFOLD
    return plan.Place(project, tmp_path / "records", tmp_path / "kept", command, clouds.env, 0.0, rehearse=False)


@pytest.fixture
def unpinned():
    """A run without the pin."""

    def start(wish, place):
        return run._live(wish, place, (plan.wrong_file, plan.too_dear), record.LOCAL)

    return start
