"""The code in the documentation that the vendors' SDKs bring with them, run with names changed and nothing else.

It is read from the installed packages, so it is theirs to the letter and of the version in use; a name that is no
longer in it fails the script that changes it.
"""

import contextlib
import io
import re
import textwrap
from importlib.metadata import metadata

BLOCK = ".. code-block:: python"


def blocks(text):
    """The Python code blocks of a page of reStructuredText."""
    lines = iter(text.splitlines())
    for line in lines:
        if line.strip().lower() == BLOCK:
            yield textwrap.dedent("\n".join(_indented(lines, len(line) - len(line.lstrip()))))


def _indented(lines, margin):
    for line in lines:
        if line.strip() and len(line) - len(line.lstrip()) <= margin:
            return
        yield line


def reference(method):
    """The script in a method's own reference."""
    (code,) = blocks(method.__doc__)
    return code


def example(method):
    """What stands under "Example usage:" in a reference without code blocks."""
    text = re.split(r"Example [uU]sage:\n", textwrap.dedent(method.__doc__.partition("\n")[2]))[1].split("\nArgs:")[0]
    return textwrap.dedent("\n".join(line for line in text.splitlines() if line.strip() != "```"))


def readme(distribution, *parts):
    """The first code block of a distribution's README that has all the parts."""
    text = metadata(distribution).get_payload()
    return next(block for block in blocks(text) if all(part in block for part in parts))


def run(code, names, **given):
    """What the code prints, and the names it leaves. given: what the text around it says is there already."""
    for old, new in names.items():
        if old not in code:
            raise AssertionError(f"{old!r} is not in the documentation any more:\n{code}")
        code = code.replace(old, new)
    printed = io.StringIO()
    known = dict(given)
    with contextlib.redirect_stdout(printed):
        exec(compile(code, "<documentation>", "exec"), known)
        for name in [name for name in known if name.startswith("sample_")]:
            known[name]()
    return printed.getvalue(), known
