"""What the engine does not support is refused by name, before anything is changed; the page that says so is current."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import grpc
import pytest

from trifold.cli.engine_support import RUNS, page
from trifold.cli.flags import REFUSED
from trifold.cli.main import build
from trifold.cli.refused import COMMANDS
from trifold.engine import assets
from trifold.engine.backend import FileBackend, open_backend
from trifold.engine.checkpoint import load, secrets_salt
from trifold.engine.config import load_config
from trifold.engine.monitor import Monitor
from trifold.engine.project import Project, load_project
from trifold.engine.refusals import REFUSALS
from trifold.engine.registry import INTERNAL, Registry
from trifold.errors import UserError
from trifold.protocol.values import Archive, Asset

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.fixture(scope="module")
def trifold() -> Any:
    return build()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a stack, which the environment leads to."""
    for name in [name for name in os.environ if name.startswith(("PULUMI_", "TRIFOLD_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PULUMI_BACKEND_URL", f"file://{tmp_path}/backend")
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "")
    (tmp_path / "Pulumi.yaml").write_text("name: proj\nruntime: python\n")
    (tmp_path / "__main__.py").write_text("raise SystemExit('the program must not run')\n")
    stack = tmp_path / "backend" / ".pulumi" / "stacks" / "proj" / "dev.json"
    stack.parent.mkdir(parents=True)
    stack.write_text('{"version":3,"checkpoint":{"stack":"organization/proj/dev","latest":{"metadata":{}}}}\n')
    return tmp_path


def content(folder: Path) -> dict[str, str]:
    files = (file for file in folder.rglob("*") if file.is_file())
    return {str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def test_the_page_is_current() -> None:
    """If this fails: trifold engine support -o docs/engine-support.md"""
    assert (DOCS / "engine-support.md").read_text() == page()


@pytest.mark.parametrize("verb", RUNS)
@pytest.mark.parametrize("flag", REFUSED)
def test_a_flag_is_refused_by_name_and_changes_nothing(trifold: Any, folder: Path, verb: str, flag: str) -> None:
    before = content(folder)
    with pytest.raises(UserError) as caught:
        trifold([verb, f"{flag}=x", "--yes", "-s", "dev", "-C", str(folder)])
    assert flag in str(caught.value) and REFUSED[flag] in str(caught.value)
    assert content(folder) == before


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_is_refused_by_name_and_changes_nothing(trifold: Any, folder: Path, command: str) -> None:
    before = content(folder)
    with pytest.raises(UserError) as caught:
        trifold([*command.split(), "something", "--some-flag", "--yes"])
    assert f"`{command}`" in str(caught.value) and COMMANDS[command] in str(caught.value)
    assert content(folder) == before


def write(folder: Path, name: str, text: str) -> Path:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text)
    return folder / name


def config_of(folder: Path, text: str) -> Any:
    write(folder, "Pulumi.dev.yaml", text)
    return load_config(Project("proj", folder, folder / "Pulumi.yaml", folder, folder), "dev")


def compressed(folder: Path) -> None:
    write(folder, ".pulumi/stacks/proj/dev.json.gz", "")
    FileBackend(folder).stack("proj", "dev").exists()


def layout(folder: Path) -> None:
    write(folder, ".pulumi/meta.yaml", "version: 0\n")
    FileBackend(folder).prepare()


class Aborted(Exception):
    pass


class Context:
    def abort(self, code: grpc.StatusCode, text: str) -> None:
        assert code == grpc.StatusCode.UNIMPLEMENTED
        raise Aborted(text)


def asked(method: str, **request: Any) -> None:
    """A monitor that has no run behind it: who gets past the refusal fails otherwise."""
    bare = Monitor.__new__(Monitor)
    getattr(bare, method)(SimpleNamespace(**request), *([Context()] if method[0].isupper() else []))


def mappings(_: Path) -> None:
    registry = Registry(lambda package: SimpleNamespace(attached=False))
    registry.check(
        "urn:pulumi:dev::proj::pulumi:providers:ref::p", {}, {INTERNAL: {"envVarMappings": {}}}, b"", preview=False
    )


FEATURES: dict[str, Callable[[Path], Any]] = {
    "backend": lambda folder: open_backend("s3://bucket", folder),
    "compressed": compressed,
    "layout": layout,
    "secrets provider": lambda folder: config_of(folder, "secretsprovider: awskms://x\n"),
    "environments": lambda folder: config_of(folder, "environment: [base]\n"),
    "encrypted key": lambda folder: config_of(folder, "encryptedkey: abc\n"),
    "runtime": lambda folder: load_project(write(folder, "Pulumi.yaml", "name: a\nruntime: nodejs\n")),
    "plugins": lambda folder: load_project(
        write(folder, "Pulumi.yaml", "name: a\nruntime: python\nplugins: {analyzers: [{name: a, path: b}]}\n")
    ),
    "remote component": lambda _: asked("_register", remote=True, type="a:b:C", name="n"),
    "method": lambda _: asked("Call", tok="a:b:C/method"),
    "parameterized provider": lambda _: asked("RegisterPackage", name="terraform-provider"),
    "state migrations": lambda _: asked("_register", remote=False, state_migrations=["m"]),
    "environment mappings": mappings,
    "state content": lambda _: load({"checkpoint": {"latest": {"snippets": [1]}}}, lambda text: text, "dev.json"),
    "remote asset": lambda folder: assets.read(Asset("uri", "https://x"), folder),
    "remote archive": lambda folder: list(assets.members(Archive("uri", "https://x"), folder)),
    "nested archive": lambda folder: list(assets.members(Archive("assets", {"a": Archive("path", "b.zip")}), folder)),
}


def test_each_refusal_has_a_test() -> None:
    assert FEATURES.keys() | {"flag", "command"} == REFUSALS.keys()


@pytest.mark.parametrize("feature", FEATURES)
def test_a_feature_is_refused_by_name(tmp_path: Path, feature: str) -> None:
    with pytest.raises((UserError, Aborted)) as caught:
        FEATURES[feature](tmp_path)
    fixed = max(REFUSALS[feature].what.replace("}", "{").split("{")[::2], key=len)
    assert fixed in str(caught.value)


def test_a_passphrase_is_no_other_secrets_provider() -> None:
    assert secrets_salt({"checkpoint": {"latest": {"secrets_providers": {"state": {"salt": "v1"}}}}}, "here") == "v1"
