import pytest

from tests.local.gcp.rig import Cloud


@pytest.fixture
def gcp(tmp_path):
    """A fresh local Google Cloud in this process."""
    made = Cloud(tmp_path)
    yield made
    made.close()


@pytest.fixture
def box(gcp):
    """It, with one bucket that keeps versions."""
    gcp.bucket("box", versioning={"enabled": True})
    return gcp
