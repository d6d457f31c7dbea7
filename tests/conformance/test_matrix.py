"""The support matrix in docs/ is what the tests say today."""

import subprocess
import sys

from tests.conformance import matrix, rig


def test_the_page_is_what_the_tests_say():
    made = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.conformance.matrix"],
        cwd=rig.ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert made.returncode == 0, made.stderr
    assert matrix.PAGE.read_text() == made.stdout, "write it anew: python -m tests.conformance.matrix --write"
