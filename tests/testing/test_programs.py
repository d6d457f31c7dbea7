"""What may be a program: a function wherever it was written, a file, a project's folder; and what it is told."""

import functools
import os
from collections.abc import Callable
from pathlib import Path

import pulumi
import pytest

from tests.testing.programs import Bucket, buckets, site
from trifold.errors import UserError
from trifold.testing import Secret, Stack

Toy = Callable[..., Stack]
SIZE = 3


def of_this_module() -> None:
    Bucket("here", size=SIZE)


class Programs:
    def __init__(self, name: str) -> None:
        self.name = name

    def program(self) -> None:
        Bucket(self.name)


# ---- functions -------------------------------------------------------------------------------------------------------


def test_a_function_of_a_module(toy: Toy) -> None:
    stack = toy(site)
    assert stack.up().outputs == {"arn": "arn-of-web-1"}
    stack.program = of_this_module
    assert stack.up().ops["here"] == "create" and stack.resources["here"].inputs == {"size": 3}


def test_a_function_within_a_test_holds_what_is_around_it(toy: Toy) -> None:
    size = 7

    class Pair(pulumi.ComponentResource):
        def __init__(self, name: str) -> None:
            super().__init__("kit:index:Pair", name)
            for which in ("left", "right"):
                Bucket(f"{name}-{which}", pulumi.ResourceOptions(parent=self), size=size, other=SIZE)

    def program() -> None:
        assert size, "an assertion that pytest rewrote"
        Pair("two")

    stack = toy(program)
    assert stack.up()
    assert stack.resources["two-left"].inputs == {"size": 7, "other": 3}
    size = 8
    assert stack.preview().changed == {"two-left": "update", "two-right": "update"}


@pytest.mark.parametrize(
    "program",
    [lambda: Bucket("b"), functools.partial(Bucket, "b"), Programs("b").program, functools.partial(buckets("b"))],
    ids=["lambda", "partial", "method", "partial-of-nested"],
)
def test_any_callable(toy: Toy, program: Callable[[], None]) -> None:
    stack = toy(program)
    assert stack.up()
    assert stack.resources.names == ["b"]


def test_what_cannot_be_sent_is_told_by_name(toy: Toy) -> None:
    with Path(os.devnull).open() as handle, pytest.raises(UserError, match=r"program.* cannot be sent to its process"):
        connection = (item for item in [handle])

        def program() -> None:
            print(connection)

        toy(program).up()


def test_a_program_that_raises_is_told_with_its_own_words(toy: Toy) -> None:
    def program() -> None:
        raise ValueError("no such region")

    result = toy(program).up()
    assert "ValueError: no such region" in result.error and "test_programs.py" in result.error


# ---- files and folders -----------------------------------------------------------------------------------------------

MAIN = """
import pulumi
from neighbour import SIZE

config = pulumi.Config()
pulumi.CustomResource("toy:index:Bucket", "b", {"size": SIZE, "label": config.get("label")})
pulumi.export("token", config.get_secret("token"))
pulumi.export("where", pulumi.Config("toy").get("region"))
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "__main__.py").write_text(MAIN)
    (tmp_path / "code" / "neighbour.py").write_text("SIZE = 1\n")
    return tmp_path


def test_a_file_beside_its_modules_changes_between_runs(toy: Toy, folder: Path) -> None:
    stack = toy(folder / "code" / "__main__.py")
    assert stack.up()
    (folder / "code" / "neighbour.py").write_text("SIZE = 2.5\n")
    changed = stack.preview()
    assert changed.changed == {"b": "update"} and changed.steps["b"].changed == ("size",)


def test_a_project_is_run_as_it_is_and_its_folder_is_left_alone(toy: Toy, folder: Path) -> None:
    (folder / "Pulumi.yaml").write_text(
        "name: shop\nmain: code\nruntime: {name: python, options: {virtualenv: not-made}}\n"
        "config: {label: {default: x}}\n"
    )
    (folder / "Pulumi.dev.yaml").write_text("config:\n  shop:label: from-the-file\n  toy:region: here\n")
    before = sorted(folder.rglob("*"))
    stack = toy(folder, name="dev")
    assert stack.up().outputs["where"] == "here"
    assert stack.resources["b"].inputs["label"] == "from-the-file"
    assert stack.resources["b"].urn == "urn:pulumi:dev::shop::toy:index:Bucket::b"
    stack.config["label"] = "from-the-test"
    assert stack.up().changed == {"b": "update"}
    assert [one for one in sorted(folder.rglob("*")) if "__pycache__" not in str(one)] == before


def test_a_project_with_secrets_of_its_own_passphrase(toy: Toy, folder: Path) -> None:
    from trifold.engine.secrets import Passphrase

    mine = Passphrase("mine")
    (folder / "code" / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    settings = f"encryptionsalt: {mine.salt}\nconfig:\n  shop:token: {{secure: '{mine.encrypt_text('hunter2')}'}}\n"
    (folder / "code" / "Pulumi.stack.yaml").write_text(settings)
    opened = toy(folder / "code", passphrase="mine")
    assert opened.up().outputs.reveal()["token"] == "hunter2"
    with pytest.raises(UserError, match="secrets of another passphrase"):
        toy(folder / "code").up()


def test_what_is_no_program_is_told(toy: Toy, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"neither a folder with Pulumi.yaml, a .py file nor a function"):
        toy(tmp_path).up()


# ---- what a program is told ------------------------------------------------------------------------------------------


def test_configuration_plain_structured_and_secret(toy: Toy) -> None:
    def program() -> None:
        config = pulumi.Config()
        pulumi.export("size", config.require_int("size"))
        pulumi.export("tags", config.require_object("tags"))
        pulumi.export("token", config.require_secret("token"))
        pulumi.export("region", pulumi.Config("toy").require("region"))

    given = {"size": 3, "tags": {"a": ["b"]}, "token": Secret("hunter2"), "toy:region": "here"}
    stack = toy(program, config=given)
    result = stack.up()
    assert result.outputs == {"size": 3, "tags": {"a": ["b"]}, "token": "[secret]", "region": "here"}
    assert result.outputs.reveal()["token"] == "hunter2"
    written = "".join(file.read_text() for file in stack.folder.rglob("*") if file.suffix in (".yaml", ".json"))
    assert "hunter2" not in written and "secure: v1:" in written


def test_names_and_environment(toy: Toy) -> None:
    def program() -> None:
        pulumi.export("names", [pulumi.get_project(), pulumi.get_stack(), pulumi.get_organization()])
        pulumi.export("given", os.environ.get("GIVEN"))

    stack = toy(program, name="dev", project="shop", environment={"GIVEN": "yes"})
    assert stack.up().outputs == {"names": ["shop", "dev", "organization"], "given": "yes"}


def test_other_stacks_by_reference(toy: Toy) -> None:
    def program() -> None:
        network = pulumi.StackReference("acme/network/prod")
        Bucket("b", vpc=network.get_output("vpc"), key=network.get_output("key"))

    stack = toy(program, references={"acme/network/prod": {"vpc": "vpc-1", "key": Secret("hunter2!")}})
    assert stack.up()
    assert stack.resources["b"].inputs == {"vpc": "vpc-1", "key": "[secret]"}
    stack.references["acme/network/prod"] = {"vpc": "vpc-2", "key": Secret("hunter2!")}
    assert stack.preview().steps["b"].changed == ("vpc",)
    stack.program = lambda: pulumi.StackReference("acme/network/gone")
    assert "unknown stack 'acme/network/gone'" in stack.up().error
