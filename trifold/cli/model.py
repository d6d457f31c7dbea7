"""`trifold model`: build, verify and show model packages."""

import sys
import time
from pathlib import Path

import typer

app = typer.Typer(help="Build, verify and show model packages.", no_args_is_help=True)


@app.command()
def build(
    model: str = typer.Argument(help="A model of model_packages/, or an entry point as module:function."),
    seed: int = typer.Option(1, "--seed", min=0, help="Another seed gives another model, and another digest."),
) -> None:
    """Train and package a model, unless nothing changed since the last time."""
    from trifold.cli.project import project_folder, state_folder
    from trifold.package.build import build as build_package

    started = time.monotonic()
    sys.path.insert(0, str(Path.cwd()))  # an entry point may lie where the user is
    requirements = project_folder() / "requirements" / "serving.txt"
    result = build_package(model, state_folder() / "packages", requirements=requirements, seed=seed)
    package, seconds = result.package, time.monotonic() - started
    done = f"built in {seconds:.1f} s" if result.trained else "unchanged"
    print(f"{package.name} {package.digest} ({done})\n  folder:  {package.folder}\n  archive: {package.archive}")


@app.command()
def verify(path: str = typer.Argument(help="A package's folder or archive.")) -> None:
    """Check digests, schema and sample; names the first file that is wrong."""
    from trifold.package import verify as verify_package

    package = verify_package(path)
    rows = len(package.sample["request"]["instances"])
    print(
        f"{package.name} {package.digest}: {len(package.manifest['files'])} files and {rows} sample answers are right"
    )


@app.command()
def show(path: str = typer.Argument(help="A package's folder or archive, or the name of a built one.")) -> None:
    """Print the model card."""
    import tempfile

    place = _place(path)
    with tempfile.TemporaryDirectory(prefix="trifold-show-") as scratch:
        text = _card(place, Path(scratch))
    if sys.stdout.isatty():
        from rich.console import Console
        from rich.markdown import Markdown

        Console().print(Markdown(text))
    else:
        print(text)


def _place(path: str) -> Path:
    """The path as given, or the current package of that name."""
    from trifold.cli.project import state_folder
    from trifold.package import current

    place = Path(path)
    return place if place.exists() or "/" in path else current(path, state_folder() / "packages")


def _card(place: Path, scratch: Path) -> str:
    """The card, its package checked first: what it says is what was packaged."""
    from trifold.package import unpack, verify
    from trifold.package.folder import FOLDER

    folder = unpack(place, scratch / FOLDER) if place.is_file() else place
    package = verify(folder, score=False)
    return f"{package.name} {package.digest}\n\n{(package.folder / 'card.md').read_text()}"
