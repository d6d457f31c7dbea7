"""Which worker runs which test: a file stays on one worker, and all files that use the local clouds share one.

pytest-xdist's own groups are marks, which it writes into the tests' names; pytest no longer lets it. So the grouping is
by file: the clouds are one set of accounts, and two tests that bring up the same stack in them would be in each other's
way.
"""

from functools import cache
from pathlib import Path

from xdist.scheduler import LoadFileScheduling

CLOUDS = "local clouds"


class ByFileAndClouds(LoadFileScheduling):
    """Files that carry the mark `e2e` are one unit of work."""

    def _split_scope(self, nodeid: str) -> str:
        file = super()._split_scope(nodeid)
        return CLOUDS if uses_clouds(self.config.rootpath / file) else file


@cache
def uses_clouds(file: Path) -> bool:
    return "pytest.mark.e2e" in file.read_text()
