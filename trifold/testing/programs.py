"""The program under test as a project that the engine runs: a folder, a file, or a Python function.

A function runs in a process of its own, forked from one that has `pulumi` imported, as Pulumi needs it. Its module is
imported there afresh, and the function found in it by name; one that has no such name (defined inside a test, a lambda)
is sent by value, with what it holds from around it: numbers, text, containers, and the functions and classes of its
module or of the test. What the test process changed in its modules (monkeypatch) is not seen there.
"""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from trifold.engine.project import FILES, Project, load_project
from trifold.errors import UserError

Program = str | Path | Callable[[], Any]
MAIN = "from trifold.testing.hosted import run\n\nrun({kind!r}, {argument!r})\n"


@dataclass(frozen=True)
class Prepared:
    """A program ready to run: its project, and the folder with the user's own Pulumi.STACK.yaml, if there is one."""

    project: Project
    settings: Path | None = None


def prepare(program: Program, name: str, folder: Path) -> Prepared:
    """The project of a program; what has no Pulumi.yaml gets one in `folder`, named `name`."""
    if callable(program):
        _send(program, folder / "program.bin")
        return Prepared(_made(name, folder, MAIN.format(kind="function", argument=str(folder / "program.bin"))))
    place = Path(program).resolve()
    if place.is_file() and place.suffix == ".py":
        return Prepared(_made(name, folder, MAIN.format(kind="file", argument=str(place))))
    file = next((place / one for one in FILES if (place / one).is_file()), None)
    if file is None:
        raise UserError("the program is neither a folder with Pulumi.yaml, a .py file nor a function", where=str(place))
    project = load_project(file)
    return Prepared(replace(project, virtualenv="", stack_folder=folder), project.stack_folder)


def _made(name: str, folder: Path, main: str) -> Project:
    (folder / "Pulumi.yaml").write_text(f"name: {name}\nruntime: python\n")
    (folder / "__main__.py").write_text(main)
    return load_project(folder / "Pulumi.yaml")


def _send(function: Callable[[], Any], file: Path) -> None:
    """Write the function down for the program's process. UserError names what cannot be sent."""
    import dill

    module = sys.modules.get(getattr(function, "__module__", "") or "")
    about = {"module": getattr(module, "__name__", ""), "file": getattr(module, "__file__", None), "path": sys.path}
    try:
        # A script has no module that could be imported again: what its function uses goes with it.
        file.write_bytes(dill.dumps(about) + dill.dumps(function, recurse=about["module"] == "__main__"))
    except Exception as error:
        raise UserError(
            f"the program {getattr(function, '__qualname__', function)!r} cannot be sent to its process: {error}",
            next="let it hold plain values, functions and classes only, or make it a function of a module",
        ) from error


def kept(environment: Mapping[str, str]) -> dict[str, str]:
    """An environment without what would tell the engine of another backend, cloud or stack."""
    return {key: value for key, value in environment.items() if not key.startswith(("PULUMI_", "TRIFOLD_"))}
