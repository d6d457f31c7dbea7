"""`trifold stack rename`, and Pulumi's other names for the commands of `trifold stack`."""

import typer

from trifold.cli import stack as stacks

for name, call in (("new", stacks.init), ("list", stacks.ls), ("remove", stacks.rm), ("hist", stacks.history)):
    stacks.app.command(name, hidden=True)(call)


@stacks.app.command("rename")
def rename(
    name: str = typer.Argument(..., help="The new name."), stack: str = stacks.STACK, folder: str = stacks.FOLDER
) -> None:
    """Give a stack another name."""
    from trifold.engine import editing

    found = stacks.opened(stack, folder)
    editing.rename(found, name.rpartition("/")[2])
    print(f"Renamed {found.name} to {name}")
