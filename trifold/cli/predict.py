"""`trifold predict`: ask the endpoint of a stack through its vendor's own SDK."""

import json
import os
import sys
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import typer

from trifold.errors import UserError

CLOUDS = ("aws", "azure", "gcp")


def register(app: typer.Typer) -> None:
    app.command("predict")(predict)


def predict(
    target: str = typer.Argument("all", help="aws, azure, gcp or all."),
    stack: str = typer.Option("", "--stack", "-s", help="The stack, where it is not named like its cloud."),
    input: str = typer.Option("", "--input", "-i", help="A JSON file of {'instances': [...]}, or - for stdin."),
    as_json: bool = typer.Option(False, "--json", help="Print the answers as JSON."),
) -> None:
    """Predict with the endpoints that are up; without --input, for the package's own sample."""
    if target not in (*CLOUDS, "all"):
        raise UserError(f"there is no cloud '{target}'", next=f"trifold predict [{'|'.join(CLOUDS)}|all]")
    if stack and target == "all":
        raise UserError("--stack names one stack, so name its cloud too", next=f"trifold predict aws -s {stack}")
    clouds = CLOUDS if target == "all" else (target,)
    answers = [ask(cloud, stack or cloud, input) for cloud in clouds]
    if as_json:
        print(json.dumps(answers, indent=2))
    else:
        show(answers)


def ask(cloud: str, stack: str, source: str) -> dict[str, Any]:
    """One answer as a dictionary; see trifold.predict.Answer for its fields."""
    import dataclasses
    import importlib

    from trifold.cli.stack_outputs import stack_outputs

    outputs = stack_outputs(stack)
    if not outputs.get("cloud"):
        raise UserError(f"stack '{stack}' is not up: it has no outputs", next=f"trifold up -s {stack}")
    if outputs["cloud"] != cloud:
        raise UserError(f"stack '{stack}' is on {outputs['cloud']}, not on {cloud}", next=f"trifold up -s {cloud}")
    body = read_body(source, outputs)
    with environment():
        client = importlib.import_module(f"trifold.predict.{cloud}")
        return dataclasses.asdict(client.predict(outputs, body))


def environment() -> AbstractContextManager[None]:
    """The local clouds' where no backend is chosen (their own is the default), else the shell's."""
    from trifold.cli.project import state_folder
    from trifold.local import supervisor

    return nullcontext() if os.environ.get("PULUMI_BACKEND_URL") else supervisor.entered(state_folder())


def read_body(source: str, outputs: dict[str, Any]) -> bytes:
    """The request's body: from a file, from stdin, or the first instance of the package's sample."""
    if source == "-":
        return sys.stdin.buffer.read()
    if source:
        file = Path(source)
        if not file.is_file():
            raise UserError(f"there is no file '{source}'", next="trifold predict --input FILE, or - for stdin")
        return file.read_bytes()
    return json.dumps({"instances": sample_instances(str(outputs["package_name"]))[:1]}).encode()


def sample_instances(package: str) -> list[dict[str, Any]]:
    """The instances of the sample request that the package brings."""
    from trifold.cli.project import state_folder
    from trifold.package import current

    sample = json.loads((current(package, state_folder() / "packages") / "package" / "sample.json").read_text())
    return sample["request"]["instances"]


def show(answers: list[dict[str, Any]]) -> None:
    """A table in a terminal, aligned text in a pipe."""
    from trifold.cli.tables import answers_table, console

    console().print(answers_table(answers))
