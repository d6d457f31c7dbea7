"""docs/how-to/first-real-account.md: its files are read, its prices computed, its commands known; those that can be run
here are."""

import re
import shlex
import subprocess
from pathlib import Path

import click
import pytest
import yaml
from typer.main import get_command

from infra import costs, settings
from tests.conformance import rig
from tests.conformance.up import TRIFOLD
from tests.paper import TODAY, _package
from trifold.cli.main import build

PAGE = rig.ROOT / "docs" / "how-to" / "first-real-account.md"
TEXT = PAGE.read_text()
FILES = dict(re.findall(r"```yaml\n *# stacks/Pulumi\.([\w-]+)\.yaml\n(.*?)```", TEXT, re.DOTALL))
LINES = [line.strip() for block in re.findall(r"```console\n(.*?)```", TEXT, re.DOTALL) for line in block.splitlines()]


def read(cloud):
    text = FILES[f"live-{cloud}"].replace("<digest of step 4>", "a" * 64)
    given = yaml.safe_load(text)["config"]
    return settings.read(given, "trifold", f"live-{cloud}", Path(), Path(), today=TODAY, find=_package)


def test_each_file_is_one_the_program_takes_and_make_live_too(cloud):
    found = read(cloud)
    assert found.ephemeral and found.brought.existing.registry and found.alerted
    assert costs.check(found).monthly <= found.budget


@pytest.mark.parametrize(
    ("row", "value"),
    [
        ("US dollars an hour, at least", lambda found: f"{found.hourly:.4f}"),
        ("forgotten for a month, at least", lambda found: f"{found.monthly:.2f}"),
    ],
)
def test_what_it_costs_is_computed(row, value):
    wanted = [value(costs.estimate(read(cloud))) for cloud in rig.CLOUDS]
    assert f"| {row} | {' | '.join(wanted)} |" in TEXT


@pytest.mark.parametrize("line", sorted({line for line in LINES if line.startswith("trifold ")}))
def test_each_command_of_the_kit_is_one(line):
    _, *words = shlex.split(line.partition("#")[0].replace("$CLOUD", "aws"))
    command = get_command(build())
    context = click.Context(command)
    while isinstance(command, click.Group):
        name, command, words = command.resolve_command(context, words)
        assert command is not None, name
    command.make_parser(context).parse_args(words)


def test_each_target_of_make_is_one():
    targets = set(re.findall(r"^([\w-]+):", (rig.ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {word for line in LINES for word in re.findall(r"make ([a-z][\w-]*)", line)}
    assert named and named <= targets


def test_each_link_leads_somewhere():
    for link in re.findall(r"\]\(([^)#]+)\)", TEXT):
        assert link.startswith("https://") or (PAGE.parent / link).exists(), link


@pytest.mark.e2e
@pytest.mark.soak
@pytest.mark.timeout(600)
def test_the_commands_lead_up_and_back_to_nothing(place, cloud):
    """With the embedded engine where there is no `pulumi`, and no other change."""
    block = re.search(r"<!-- run: .*? -->\n```console\n(.*?)```\n<!-- /run -->", TEXT, re.DOTALL)[1]
    said = {}
    for line in block.splitlines():
        words = line.replace("$CLOUD", cloud).replace("$STACK", f"live-{cloud}")
        engine, *arguments = shlex.split(words)
        command = [*(place.engine if engine == "pulumi" else TRIFOLD), *arguments]
        done = subprocess.run(command, cwd=place.folder, env=place.environment, capture_output=True, text=True)
        assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"
        said[line.split(" -s")[0]] = done.stdout
    swept = said['trifold sweep "$CLOUD"']
    assert "nothing with the kit's tags." in swept or re.search(r"^1 name held", swept, re.MULTILINE), swept
