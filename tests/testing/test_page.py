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


INI = "[pytest]\npulumi_preload = colorsys wave\n"
PRELOADED = """
import sys, pulumi

def test_what_the_ini_file_names_is_there_before_the_program_begins(pulumi_stack):
    stack = pulumi_stack(lambda: pulumi.export("there", {"colorsys", "wave"} <= set(sys.modules)))
    assert stack.up().outputs == {"there": True}
"""


def test_the_pages_example_runs_as_it_stands(tmp_path: Path) -> None:
    assert write_examples(tmp_path) == ["test_web.py", "web.py"]
    (tmp_path / "pytest.ini").write_text(INI)
    (tmp_path / "test_preloaded.py").write_text(PRELOADED)
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PYTEST_", "TRIFOLD_"))}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0 and "7 passed" in done.stdout, done.stdout + done.stderr
