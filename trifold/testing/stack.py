"""A stack for a test: a program, in-process providers, and the engine's whole life cycle on both.

    with Stack(program, providers={"toy": Provider(Bucket)}) as stack:
        assert stack.preview().changed == {"logs": "create"}
        assert stack.up()
        assert stack.resources["logs"].outputs["size"] == 3

The engine runs in this process, the program in one of its own, the providers here, behind the wire that any provider is
behind. State is a file backend in a temporary folder with passphrase secrets. Nothing is left behind.
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, Final

from trifold.engine import checkpoint
from trifold.engine import stack as engine_stack
from trifold.engine.backend import FileBackend
from trifold.engine.config import StackConfig, load_config
from trifold.engine.fork_server import VARIABLE
from trifold.engine.options import Names, Options
from trifold.engine.secrets import Passphrase
from trifold.errors import UserError
from trifold.testing import forking
from trifold.testing.cloud import Cloud, Object
from trifold.testing.faults import Calls, Faulty
from trifold.testing.programs import Prepared, Program, kept, prepare
from trifold.testing.references import write_references
from trifold.testing.resources import ANY, Providers
from trifold.testing.results import Resource, Resources, Result, reason
from trifold.testing.serving import Host
from trifold.testing.values import sealed

PHRASE: Final = "a passphrase for tests"
INTERRUPTED: Final = "^C received"


@cache
def shared_secrets() -> Passphrase:
    """One key for all stacks of this process: making one takes a third of a second."""
    return Passphrase(PHRASE)


class Stack(Faulty):
    """A stack under test; a context manager. See the module's docstring, and `Faulty` for the faults.

    program: a folder with Pulumi.yaml, a .py file, or a function; it may be set anew between runs. providers: package
    -> Provider, or "any" for a provider that takes every type and echoes its inputs; "any" alone serves all packages.
    config: the stack's configuration, over what the program's own Pulumi.<name>.yaml says; keys without a namespace are
    the project's, secrets are `Secret(...)`. references: what the program's StackReferences find, stack -> outputs.
    passphrase: opens the secrets of that file. environment: variables for the program, over those of this process.
    """

    def __init__(
        self,
        program: Program,
        *,
        providers: Providers = ANY,
        config: Mapping[str, Any] | None = None,
        references: Mapping[str, Mapping[str, Any]] | None = None,
        name: str = "stack",
        project: str = "project",
        passphrase: str = "",
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self._host = Host(providers)
        super().__init__(self._host.faults)
        self.program, self.name, self._project_name = program, name, project
        self.config, self.references = dict(config or {}), dict(references or {})
        self._secrets = None if passphrase else shared_secrets()
        self._passphrase, self._given = passphrase or PHRASE, dict(environment or {})
        self._folder = tempfile.TemporaryDirectory(prefix="trifold-stack-")
        self.folder = Path(self._folder.name).resolve()
        self.results: list[Result] = []
        self._interrupting = False
        self._opened: engine_stack.Stack | None = None

    # ---- its life ----------------------------------------------------------------------------------------------------

    def preview(self, **options: Any) -> Result:
        """What `up` would do. For the options see `up`."""
        return self._run("preview", options)

    def up(self, **options: Any) -> Result:
        """Make the cloud what the program says.

        targets, excludes, replace: resources, by name or URN (`*` and `**` as in Pulumi); target_dependents,
        exclude_dependents, refresh, expect_no_changes, continue_on_error, ignore_protect: as the flags of those names;
        parallel: steps at once, 16 if not given.
        """
        return self._run("up", options)

    def refresh(self, **options: Any) -> Result:
        """Make state what the cloud is; preview=True only shows it."""
        return self._run("refresh", options)

    def destroy(self, **options: Any) -> Result:
        """Delete all that is in state; preview=True only shows it."""
        return self._run("destroy", options)

    def interrupt(self) -> None:
        """What ^C does to the run that goes on in the main thread; to be called from another thread."""
        self._interrupting = True
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)

    def close(self) -> None:
        """End all that serves it, and remove its folder."""
        self._host.close()
        with suppress(OSError):
            self._folder.cleanup()

    def __enter__(self) -> Stack:
        return self

    def __exit__(self, kind: Any, *_: Any) -> None:
        self.close()
        if kind is None:
            self.complain()

    def complain(self) -> None:
        """AssertionError for a run that failed without anybody having looked."""
        unseen = [str(one) for one in self.results if not one.looked_at]
        assert not unseen, "a run failed, and the test did not look: " + "\n".join(unseen)

    # ---- what there is -----------------------------------------------------------------------------------------------

    @property
    def cloud(self) -> Cloud:
        """What the in-process providers have made; to look at, and to change behind the engine's back."""
        return self._host.cloud

    @property
    def calls(self) -> Calls:
        """What the providers were asked since the stack began, in order."""
        return self._host.calls

    @property
    def resources(self) -> Resources:
        """The resources in state."""
        return Resources(Resource(one) for one in self._files().load().resources)

    @property
    def pending(self) -> list[tuple[str, str]]:
        """(operation, name) of what was begun and has no recorded end."""
        return [(one.kind, one.resource.name) for one in self._files().load().pending]

    @property
    def state(self) -> dict[str, Any]:
        """The checkpoint as it is on disk, secrets encrypted."""
        return self._files().content()

    def serve(self, *packages: str) -> dict[str, str]:
        """Have the providers of these packages serve an engine outside; the environment for it.

        For `trifold` or `pulumi` on the same state: in `folder`, where Pulumi.yaml and the stack's settings are (of a
        program with a Pulumi.yaml of its own: there, with the settings in `folder`).
        """
        self._host.begin()
        self._files()
        for package in packages:
            self._host.port(package)
        return self.environment

    def vanish(self, name: str) -> Object:
        """Take a resource's object out of the cloud, as somebody else might; LookupError if there is none."""
        return self.cloud.vanish(name)

    # ---- how it runs -------------------------------------------------------------------------------------------------

    @property
    def environment(self) -> dict[str, str]:
        """What the engine and the program get."""
        inside = {"VIRTUAL_ENV": sys.prefix} if sys.prefix != sys.base_prefix else {}
        base = {**kept(os.environ), **inside, **self._given}
        return {
            **base,
            "PATH": os.pathsep.join([str(_python_folder(self.folder)), base.get("PATH", "")]),
            "PULUMI_PYTHON_CMD": sys.executable,
            "PULUMI_BACKEND_URL": f"file://{self.folder}/backend",
            "PULUMI_CONFIG_PASSPHRASE": self._passphrase,
            "PULUMI_DEBUG_PROVIDERS": self._host.attachments,
            VARIABLE: forking.address(),
        }

    def _files(self) -> engine_stack.Stack:
        """The stack as the last run opened it; what it holds is read anew."""
        return self._opened or self._open()

    def _open(self) -> engine_stack.Stack:
        prepared = prepare(self.program, self._project_name, self.folder)
        project = prepared.project
        backend = FileBackend(self.folder / "backend")
        config = self._configuration(prepared)
        files = backend.stack(project.name, self.name)
        opened = engine_stack.Stack(project, self.name, files, config, self.environment, _secrets=self._secrets)
        backend.prepare()
        if not files.exists():
            files.save(checkpoint.empty(files.full_name, opened.secrets))
        write_references(backend, project.name, self.references, opened.secrets)
        self._opened = opened
        return opened

    def _configuration(self, prepared: Prepared) -> StackConfig:
        """The stack's settings file, in the temporary folder: the user's own is read, and never written."""
        found = load_config(prepared.project, self.name, prepared.settings or self.folder / "none")
        if self._secrets is not None and found.salt not in ("", self._secrets.salt):
            raise UserError(
                "the stack's settings hold secrets of another passphrase",
                where=str(found.file),
                next="give passphrase=..., or another name=... of the stack",
            )
        self._secrets = self._secrets or Passphrase(self._passphrase, found.salt)
        content = {"encryptionsalt": self._secrets.salt, **found.content}
        made = StackConfig(self.folder / f"Pulumi.{self.name}.yaml", prepared.project.name, content)
        for key, value in self.config.items():
            made.set(key, sealed(value, self._secrets.encrypt_text))
        made.save()
        return made

    def _run(self, verb: str, given: dict[str, Any]) -> Result:
        from trifold.engine.operation import run

        options = self._options(verb, given)
        events: list[dict[str, Any]] = []
        begun, first, error, outcome = time.monotonic(), len(self.calls), "", None
        self._host.begin()
        opened = self._open()
        try:
            outcome = run(
                opened,
                options,
                environment=opened.environment,
                sinks=(events.append,),
                providers=self._host.port,
            )
        except UserError as failed:
            error = str(failed)
        if outcome is not None:
            error = outcome.unexpected(options) if outcome.ok else reason(events)
        result = Result(
            verb=verb,
            events=events,
            resources=Resources(Resource(one) for one in opened.load().resources),
            changes=dict(outcome.changes) if outcome else {},
            outputs=dict(outcome.outputs) if outcome else {},
            calls=Calls(self.calls[first:]),
            seconds=time.monotonic() - begun,
            options=options,
            error=error,
        )
        self.results.append(result)
        if not self._interrupting and any(INTERRUPTED in one for one in result.logs):
            raise KeyboardInterrupt  # it was the user's, and meant the tests
        self._interrupting = False
        return result

    def _options(self, verb: str, given: dict[str, Any]) -> Options:
        names: dict[str, Any] = {
            key: Names([self._pattern(one) for one in given.pop(key, ())]) for key in NAMED if key in given
        }
        preview = verb == "preview" or bool(given.pop("preview", False))
        refresh = verb == "refresh" or bool(given.pop("refresh", False))
        return Options(verb="up" if verb == "preview" else verb, preview=preview, refresh=refresh, **names, **given)

    def _pattern(self, name: str) -> str:
        """A plain name means the resource of that name, wherever it is."""
        return name if "::" in name or "*" in name else f"**::{name}"


NAMED: Final = ("targets", "excludes", "replace")


def _python_folder(folder: Path) -> Path:
    """A folder whose python3 is this Python, which the engine runs programs with: its own, or a made one."""
    own, made = Path(sys.executable).parent, folder / "bin"
    if (own / "python3").exists() and (own / "python3").resolve() == Path(sys.executable).resolve():
        return own
    if not made.exists():
        made.mkdir()
        (made / "python3").symlink_to(sys.executable)
    return made
