"""The `trifold` command: puts the command groups of this folder together, and turns errors into three lines.

Every other file here is one group. It has `register(app)`, or an `app` of its own that appears under the file's name.
What a command needs is imported when it runs, so that `trifold --help` answers at once.
"""

import gc
import importlib
import pkgutil
import sys
from typing import Any

import typer

import trifold.cli
from trifold.errors import UserError


def build(only: str = "") -> typer.Typer:
    """The command line, derived from the files of this folder; that of `only` alone if it is a command with its own."""
    names = sorted(found.name for found in pkgutil.iter_modules(trifold.cli.__path__) if found.name != "main")
    if only in names and hasattr(_module(only), "register"):
        names = [only]
    app = typer.Typer(
        name="trifold",
        help="One packaged model, three clouds, plain Pulumi.",
        no_args_is_help=True,
        invoke_without_command=True,
        pretty_exceptions_enable=False,
        add_completion=False,
    )
    app.callback()(options)
    for name in names:
        module = _module(name)
        if hasattr(module, "register"):
            module.register(app)
        elif hasattr(module, "app"):
            app.add_typer(module.app, name=name)
    return app


def _module(name: str) -> Any:
    return importlib.import_module(f"trifold.cli.{name}")


def options(version: bool = typer.Option(False, "--version", help="Print the version and end.")) -> None:
    """One packaged model, three clouds, plain Pulumi."""
    if version:
        from importlib.metadata import version as installed

        print(f"trifold {installed('trifold')}")
        raise typer.Exit


def main(arguments: list[str] | None = None) -> None:
    """Run the command line; a UserError is shown as text and ends with its status."""
    named = (sys.argv[1:] if arguments is None else arguments)[:1]
    try:
        build(*named)(arguments)
    except UserError as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(error.status)
    except BrokenPipeError:
        sys.stderr.close()  # the reader of our output went away: nobody is left to tell
        sys.exit(141)
    finally:
        # Or the interpreter looks through all that the SDKs hold before it ends.
        gc.freeze()


if __name__ == "__main__":
    main()
