"""Random programs over a fake cloud, and what must hold of state and cloud after each operation on them.

The engine runs in this process on a `trifold.testing.Stack`; where it is to be killed, as a process of its own on the
same stack and the same providers, which live on here.
"""

import json
import os
import signal
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from tests.engine.replaying import CLI
from trifold.engine.fork_server import ForkedProcess, ForkServer
from trifold.engine.state import Resource as State
from trifold.errors import UserError
from trifold.testing import Provider, Resource, Result, Stack

TYPE = "toy:index:Thing"
PROGRAM = Path(__file__).with_name("wished_program.py")


@dataclass
class Wish:
    """One resource of a random program. names: the ones that it had before."""

    name: str
    group: bool = False
    parent: str = ""
    after: list[str] = field(default_factory=list)
    uses: str = ""
    size: int = 1
    place: int = 1
    protect: bool = False
    retain: bool = False
    delete_first: bool = False
    own_provider: bool = False
    secret: bool = False
    names: list[str] = field(default_factory=list)

    def rename(self, old: str, new: str) -> None:
        """What this one says of another that has a new name."""
        self.parent = new if self.parent == old else self.parent
        self.uses = new if self.uses == old else self.uses
        self.after = [new if name == old else name for name in self.after]

    def forget(self, gone: str) -> None:
        self.parent = "" if self.parent == gone else self.parent
        self.uses = "" if self.uses == gone else self.uses
        self.after = [name for name in self.after if name != gone]


class Switch:
    """Kills an engine at the k-th call that it makes. lost: the call's work is done all the same."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._left, self._lost = 0, False
        self.process: ForkedProcess | None = None
        self.struck = False
        self.doing: Callable[[], bool] = lambda: False  # whether the last call's work is not done yet

    def arm(self, step: int, *, lost: bool) -> None:
        self._left, self._lost, self.process, self.struck = step, lost, None, False

    def pass_by(self) -> None:
        with self._lock:
            if self.process is None or self.struck:
                return
            self._left -= 1
            if self._left > 0:
                return
            self.struck = True
            self.process.kill()
            self.process.wait(60)
        if not self._lost:
            raise UserError("nobody waits for this")


def providers(switch: Switch) -> dict[str, Provider]:
    """The toy cloud, each of whose calls passes by the switch."""

    class Thing(Resource):
        type = TYPE
        replaces = frozenset({"place"})
        computed = frozenset({"arn"})

        def check(self, inputs: Any) -> Any:
            switch.pass_by()
            return super().check(inputs)

        def diff(self, old: Any, new: Any) -> Any:
            switch.pass_by()
            return super().diff(old, new)

        def create(self, inputs: Any) -> Any:
            switch.pass_by()
            ident, outputs = super().create(inputs)
            switch.doing = lambda: ident not in self.cloud[TYPE]
            return ident, outputs

        def update(self, id: str, old: Any, inputs: Any) -> Any:
            switch.pass_by()
            return super().update(id, old, inputs)

        def delete(self, id: str, outputs: Any) -> None:
            switch.doing = lambda: id in self.cloud[TYPE]
            switch.pass_by()
            super().delete(id, outputs)

    return {"toy": Provider(Thing)}


class Model:
    """A stack with a program that changes, and what must hold of it."""

    def __init__(self, folder: Path, server: ForkServer) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.server = folder, server
        (folder / "program.py").write_text(PROGRAM.read_text())
        self.switch = Switch()
        self.wishes: list[Wish] = []
        self.retained: set[str] = set()
        self.vanished: set[str] = set()
        self.stack = Stack(folder / "program.py", providers=providers(self.switch))
        self.said = ""

    def close(self) -> None:
        self.stack.close()

    # ---- operations --------------------------------------------------------------------------------------------------

    def run(self, verb: str, **options: Any) -> Result:
        """An operation in this process; then all that must hold."""
        return self.watched(lambda: getattr(self.stack, verb)(**options))

    def watched(self, operation: Any) -> Any:
        self._write()
        before, there, begun = self._entries(), self.live(), self._begun()
        try:
            result = operation()
        except KeyboardInterrupt:
            result = self.stack.results[-1]
        if result is not None:
            result.looked_at = True
            self.said = result.error
        self.check([*before, *begun], there)
        return result

    def _write(self) -> None:
        (self.folder / "wished.json").write_text(json.dumps([asdict(one) for one in self.wishes]))

    def killed(self, step: int, *, lost: bool, verb: str = "up") -> bool:
        """Run it as a process that is killed at the k-th call; whether it came to that."""

        def operation() -> None:
            _ = self.stack.resources  # the stack is made
            self.stack._host.begin()
            self.switch.arm(step, lost=lost)
            with (self.folder / "output.txt").open("wb") as out:
                port = self.stack._host.port("toy")
                process = self.server.start(
                    CLI,
                    [verb, "--yes", "--skip-preview", "--non-interactive", "-s", "stack", "-C", str(self.stack.folder)],
                    env={**self.stack.environment, "PULUMI_DEBUG_PROVIDERS": f"toy:{port}"},
                    cwd=str(self.folder),
                    stdout=out.fileno(),
                    stderr=out.fileno(),
                )
                self.switch.process = process
                process.wait(120)
            self.switch.process = None
            if self.switch.struck and lost:  # the cloud is done with it before anybody asks
                self._settled()
            self.said = (self.folder / "output.txt").read_text()

        self.watched(operation)
        return self.switch.struck

    def _settled(self) -> None:
        before = None
        for _ in range(40):
            if before == self.live() and not self.switch.doing():
                return
            before = self.live()
            threading.Event().wait(0.05)

    def interrupted(self, op: str, name: str, *, after: bool) -> None:
        """Run `up`, whose operation hangs, with a ^C in it."""
        fault = self.stack.hang(op, name, after=after)
        ended = threading.Event()

        def press() -> None:
            while not ended.is_set():
                if fault.reached.wait(0.05):
                    os.kill(os.getpid(), signal.SIGINT)
                    return

        presser = threading.Thread(target=press)
        presser.start()
        try:
            self.run("up")
        finally:
            ended.set()
            presser.join()
            self.stack.clear_faults()

    def destroy_all(self) -> None:
        """At the end nothing is left, but what was to be retained."""
        self.stack.clear_faults()
        result = self.run("destroy", ignore_protect=True)
        assert result.ok, result
        assert self.live() <= self.retained, (self.live(), self.retained)
        assert [one for one in self.stack.resources if one.custom and not one.is_provider] == []
        assert self.stack.pending == []

    # ---- what must hold ----------------------------------------------------------------------------------------------

    def live(self) -> set[str]:
        return {one.id for one in self.stack.cloud}

    def _entries(self) -> list[State]:
        return [one.state for one in self.stack.resources]

    def _begun(self) -> list[State]:
        """What was begun to be made, with the ids that the cloud knows: the next run may find it, and retain it."""
        waiting = [one.resource for one in self.stack._open().load().pending if one.kind == "creating"]
        made = {one.name: one.id for one in self.stack.cloud}
        return [replace(one, id=made.get(one.name, "")) for one in waiting]

    def check(self, before: list[State], there: set[str]) -> None:
        after = self._entries()
        kept = {one.id for one in after if one.type == TYPE and one.id and not one.pending_replacement}
        left = {one.id for one in before if one.type == TYPE and one.retain_on_delete} - kept
        self.retained |= left & self.live() & there
        pending = self.stack._open().load().pending
        creating = {one.resource.name for one in pending if one.kind == "creating"}
        # By the id: as Pulumi writes it, the operation tells the name that it had before this run.
        deleting = {one.resource.id for one in pending if one.kind == "deleting"}
        names = {one.id: one.name for one in self.stack.cloud}
        orphans = {ident for ident in self.live() - kept - self.retained if names[ident] not in creating}
        assert not orphans, f"in the cloud, but not in state: {orphans}\n{self.said}"
        lost = {one.id for one in after if one.id in kept - self.live() - self.vanished - deleting}
        assert not lost, f"in state, but not in the cloud: {lost}\n{self.said}"
        _sound(after)
        locks = list((self.stack.folder / "backend").rglob("locks/**/*.json"))
        assert all(_dead(lock) for lock in locks), locks


def _dead(lock: Path) -> bool:
    """Whether the process that holds the lock is gone: the next run takes it away."""
    try:
        os.kill(json.loads(lock.read_text())["pid"], 0)
    except ProcessLookupError:
        return True
    return False


def _sound(entries: list[State]) -> None:
    """As Pulumi checks a state: no URN twice, and what is needed comes first."""
    seen: set[str] = set()
    urns: set[str] = set()
    for one in entries:
        needed = {*one.needs(), *([one.provider_urn] if one.provider else [])}
        missing = needed - urns
        assert not missing, f"{one.urn} needs {missing}, which do not come before it"
        assert one.delete or one.urn not in seen, f"{one.urn} is twice in state"
        urns.add(one.urn)
        if not one.delete:
            seen.add(one.urn)
