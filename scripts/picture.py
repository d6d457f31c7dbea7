"""Draw docs/img/make-up.svg: the end of the last `make up`, as a terminal shows it.

.venv/bin/python scripts/picture.py
"""

import json
import pathlib
import sys

from rich.console import Console

from trifold.cli import quickstart, tables

ROOT = pathlib.Path(__file__).resolve().parent.parent
FORMAT_WITHOUT_FONTS = """\
<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
    <style>
    .{unique_id}-matrix {{ font-family: ui-monospace, "Fira Code", Menlo, Consolas, monospace;
        font-size: {char_height}px; line-height: {line_height}px; font-variant-east-asian: full-width; }}
    .{unique_id}-title {{ font-size: 18px; font-weight: bold; font-family: arial, sans-serif; }}
    {styles}
    </style>
    <defs>
    <clipPath id="{unique_id}-clip-terminal">
      <rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" />
    </clipPath>
    {lines}
    </defs>
    {chrome}
    <g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
    {backgrounds}
    <g class="{unique_id}-matrix">
    {matrix}
    </g>
    </g>
</svg>
"""


def main() -> None:
    file = ROOT / ".trifold" / "quickstart.json"
    if not file.exists():
        sys.exit("there is no record of a run yet: run `make up` first")
    answers = json.loads(file.read_text())["answers"]
    out = Console(record=True, width=112, force_terminal=True, highlight=False, quiet=False)
    out.print("[bold]$ make up[/]\n[dim]...[/]")
    out.print(tables.answers_table(answers))
    agree, line = tables.agreement(answers)
    out.print(f"\n[{'green' if agree else 'red'}]{line}[/]\n\nnext:")
    for command, why in quickstart.NEXT:
        out.print(f"  .venv/bin/{command:<30} {why}")
    picture = out.export_svg(title="make up", code_format=FORMAT_WITHOUT_FONTS, unique_id="up")
    (ROOT / "docs" / "img" / "make-up.svg").write_text(picture)


if __name__ == "__main__":
    main()
