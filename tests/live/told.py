"""What the pages say about runs on real accounts: made from the records under docs/live/, in marked places.

python -m tests.live.told --write
"""

import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.live.page import TITLES
from tests.live.record import FOLDER, Record, kept

ROOT = FOLDER.parents[1]
PAGES = tuple(
    ROOT / name
    for name in (
        "README.md",
        "docs/live/README.md",
        "docs/how-to/doctor.md",
        "docs/how-to/first-real-account.md",
        "docs/how-to/real-accounts.md",
    )
)
BEGIN, END = "<!-- live: python -m tests.live.told --write -->", "<!-- /live -->"
NEVER = """\
**It was never run on a real account yet.** Until a record of such a run is kept under `docs/live/`, take it as untried
there."""
Records = Sequence[tuple[str, Record]]


def sentence(records: Records, folder: str) -> str:
    """What is to be said. folder: the way to docs/live/ from where it is said."""
    newest = {record.cloud: (name, record) for name, record in records}
    if not newest:
        return NEVER
    said = [
        f"[{TITLES[cloud]}, {record.day}]({folder}/{name}.md){'' if record.passed else ' (not all went well)'}"
        for cloud, (name, record) in sorted(newest.items())
    ]
    never = [title for cloud, title in TITLES.items() if cloud not in newest]
    rest = f" **It was never run on a real account of {' or '.join(never)} yet.**" if never else ""
    return f"It was run on real accounts: {', '.join(said)}.{rest}"


def rewritten(page: Path, records: Records) -> str:
    """The page's text as it should be. ValueError where it has no marked place."""
    where = os.path.relpath(FOLDER, page.parent)
    place = re.compile(f"{re.escape(BEGIN)}\n.*?\n *{re.escape(END)}", re.DOTALL)
    text, number = place.subn(lambda _: f"{BEGIN}\n{sentence(records, where)}\n{END}", page.read_text())
    if not number:
        raise ValueError(f"{page} has no place between {BEGIN} and {END}")
    return text


if __name__ == "__main__":
    for page in PAGES:
        made = rewritten(page, kept())
        if "--write" in sys.argv:
            page.write_text(made)
        elif made != page.read_text():
            print(f"{page}: python -m tests.live.told --write")
