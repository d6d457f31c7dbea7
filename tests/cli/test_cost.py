"""`trifold cost`: a stack's file in, what it costs out; nothing is started and no cloud is asked."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

from infra import costs
from tests.paper import configuration, stack
from trifold.cli.cost import tables

GOLDEN = Path(__file__).parent / "golden"


def estimate(cloud, **changes):
    return costs.estimate(stack(cloud, budget="300", **changes))


def printed(found, plain):
    out = io.StringIO()
    console = Console(file=out, width=110)
    console.print(tables.table(found, plain))
    for one in found:
        console.print("\n".join(tables.summary(one)), soft_wrap=True)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


CASES = {
    "cost-one.txt": ([estimate("aws", maximum="4")], False),
    "cost-plain.txt": ([estimate("azure")], True),
    "cost-over.txt": ([estimate("gcp", count="4")], True),
    "cost-side-by-side.txt": ([estimate("aws"), estimate("azure"), estimate("gcp")], False),
}


@pytest.mark.parametrize("golden", CASES)
def test_the_tables_are_as_kept(golden):
    """TRIFOLD_GOLDEN=write makes them anew."""
    found = printed(*CASES[golden])
    if os.environ.get("TRIFOLD_GOLDEN") == "write":
        (GOLDEN / golden).write_text(found)
    assert found == (GOLDEN / golden).read_text()


@pytest.fixture
def project(tmp_path):
    """A project's file and its stacks', and nothing else."""
    (tmp_path / "Pulumi.yaml").write_text("name: trifold\nruntime: python\n")
    for cloud, budget in (("aws", 300), ("gcp", 10)):
        lines = [f"  {key}: {value!r}" for key, value in configuration(cloud, budget=budget).items()]
        (tmp_path / f"Pulumi.prod-{cloud}.yaml").write_text("\n".join(["config:", *lines, ""]))
    return tmp_path


def cost(project, *arguments):
    """`trifold cost` in an environment that knows no local cloud."""
    command = [sys.executable, "-W", "ignore", "-m", "trifold.cli.main", "cost", *arguments]
    environment = {**os.environ, "TRIFOLD_STATE": str(project / "state")}
    return subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, timeout=60)


def test_it_reads_the_stacks_file_and_starts_nothing(project):
    done = cost(project, "-s", "prod-aws", "--json")
    assert done.returncode == 0, done.stderr
    (found,) = json.loads(done.stdout)
    assert found["monthly"] == pytest.approx(0.115 * 730) and found["lines"][0]["price"]["source"].startswith("github:")
    assert not (project / "state" / "local").exists()


def test_a_stack_over_its_budget_ends_with_status_1(project):
    done = cost(project, "-s", "prod-aws", "-s", "prod-gcp")
    assert done.returncode == 1 and "prod-aws" in done.stdout
    assert "over budget: prod-gcp; `up` will refuse it" in done.stderr


def test_a_stack_without_a_file_is_named(project):
    done = cost(project, "-s", "prod-azure")
    assert done.returncode == 1 and "there is no file of stack 'prod-azure'" in done.stderr
