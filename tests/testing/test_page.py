"""The documentation's page of the fixture: its example is run as it stands there."""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "testing.md"


def write_examples(folder: Path) -> list[str]:
    """Write the page's Python blocks to the files that their first lines name; the names."""
    blocks = dict(re.findall(r"```python\n# (\S+)\n(.*?)```", PAGE.read_text(), re.DOTALL))
    for name, text in blocks.items():
        (folder / name).write_text(text)
    return sorted(blocks)


def test_the_pages_example_runs_as_it_stands(tmp_path: Path) -> None:
    assert write_examples(tmp_path) == ["test_web.py", "web.py"]
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PYTEST_", "TRIFOLD_"))}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0 and "6 passed" in done.stdout, done.stdout + done.stderr
