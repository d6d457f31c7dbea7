"""Reading the logs of the local clouds."""

import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from trifold.local.layout import Layout

POLL_SECONDS = 0.2


def matching(layout: Layout, name: str) -> list[Path]:
    """The logs of a cloud, a process or a model server; all if `name` is empty."""
    files = sorted(layout.logs.rglob("*.log"))
    exact = [file for file in files if name in (file.stem, title(layout, file))]
    return exact or [file for file in files if not name or name in (_cloud(layout, file), file.stem.partition("-")[0])]


def title(layout: Layout, file: Path) -> str:
    """How a log is named: "aws-api", "servers/aws/NAME"."""
    return file.relative_to(layout.logs).with_suffix("").as_posix()


def _cloud(layout: Layout, file: Path) -> str:
    parts = file.relative_to(layout.logs).parts
    return parts[1] if parts[0] == "servers" else ""


def ends(layout: Layout, files: Sequence[Path], lines: int) -> Iterator[str]:
    """The last lines of each; with a heading where there are several."""
    for file in files:
        last = file.read_text(errors="replace").splitlines()[-lines:] if lines else []
        if len(files) > 1:
            yield f"==> {title(layout, file)}: {file}"
        yield from last


def follow(layout: Layout, name: str) -> Iterator[str]:
    """New lines of all logs of that name as they come, those of logs that appear later too; for ever."""
    places = {file: file.stat().st_size for file in matching(layout, name)}
    while True:
        files = matching(layout, name)
        for file in files:
            text, places[file] = _new(file, places.get(file, 0))
            prefix = f"{title(layout, file)}: " if len(files) > 1 else ""
            yield from (prefix + line for line in text.splitlines())
        time.sleep(POLL_SECONDS)


def _new(file: Path, place: int) -> tuple[str, int]:
    """Whole lines since `place`, and the place after them."""
    with file.open("rb") as data:
        size = data.seek(0, 2)
        data.seek(place if place <= size else 0)
        content = data.read()
        end = content.rfind(b"\n") + 1
        return content[:end].decode(errors="replace"), data.tell() - len(content) + end
