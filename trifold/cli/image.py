"""`trifold image build|push -s STACK`: the model server as an image, in the registry that the stack made."""

import shutil
import subprocess
import tempfile
from pathlib import Path

import typer

from trifold.errors import UserError

app = typer.Typer(no_args_is_help=True, help="Build the model server's image and push it to a stack's registry.")

STACK = typer.Option(..., "--stack", "-s", help="The stack whose foundation made the registry.")
TOOL = typer.Option("", "--tool", help="buildx, podman, buildah or docker (default: the first that is there).")
REGISTRY = typer.Option("", "--registry", help="The registry's address (default: the stack's output).")
DRY = typer.Option(False, "--dry-run", help="Print the commands only.")


@app.command()
def build(stack: str = STACK, tool: str = TOOL, registry: str = REGISTRY, dry_run: bool = DRY) -> None:
    """Build the image for linux/amd64, named for the stack's registry. Local stacks need none."""
    work(stack, tool, registry, push=False, dry_run=dry_run)


@app.command()
def push(stack: str = STACK, tool: str = TOOL, registry: str = REGISTRY, dry_run: bool = DRY) -> None:
    """Push the image as a Docker v2 manifest, and print the reference to put into the stack's config."""
    work(stack, tool, registry, push=True, dry_run=dry_run)


def work(stack: str, wanted: str, registry: str, push: bool, dry_run: bool) -> None:
    """Stage the context, run the builder's commands, say what came of it."""
    from trifold.cli.project import project_folder
    from trifold.serving.image import context, tools

    project = project_folder()
    tool = tools.find(wanted)
    reference = f"{registry or registry_of(stack)}/{context.NAME}:{context.tag(project)}"
    with tempfile.TemporaryDirectory(prefix="trifold-image-") as folder:
        staged, digest = Path(folder) / "context", Path(folder) / "digest"
        commands = (tool.push if push else tool.build)(reference, str(staged), str(digest))
        if dry_run:
            print("\n".join(" ".join(command) for command in commands))
            return
        context.stage(project, staged)
        printed = tools.run(commands, staged)
        written = digest.read_text() if digest.is_file() else ""
        found = tool.digest(printed, written) if push else ""
    tell(stack, reference, push, found)


def tell(stack: str, reference: str, push: bool, digest: str) -> None:
    """The next step. Raises UserError where a pushed image's digest is not known."""
    if not push:
        print(f"built {reference}\nnext: trifold image push -s {stack}")
        return
    if not digest:
        raise UserError("the image was pushed, but its digest was not told", where=reference)
    pinned = f"{reference.rpartition(':')[0]}@{digest}"
    print(f"pushed {pinned}\nnext: pulumi config set trifold:image {pinned} -s {stack}")


def registry_of(stack: str) -> str:
    """The registry among the stack's outputs, as `pulumi` knows them where it is there: a real account's stack is its
    work. Else those of the embedded engine. Raises UserError where there is none yet."""
    address = told_by_pulumi(stack) if shutil.which("pulumi") else told_by_engine(stack)
    if not address:
        raise UserError(f"stack '{stack}' has no registry yet", next=f"bring its foundation up first: up -s {stack}")
    return address


def told_by_pulumi(stack: str) -> str:
    """`pulumi stack output`. Raises UserError with what it said."""
    command = ["pulumi", "stack", "output", "registry", "--stack", stack, "--non-interactive"]
    ended = subprocess.run(command, capture_output=True, text=True)
    if ended.returncode:
        said = (ended.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise UserError(f"pulumi: {said}", where=" ".join(command), next="--registry ADDRESS says it without the stack")
    return ended.stdout.strip()


def told_by_engine(stack: str) -> str:
    from trifold.cli.stack_outputs import stack_outputs

    return str(stack_outputs(stack).get("registry") or "")
