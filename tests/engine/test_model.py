"""Random programs, edits, operations and faults: what lives in the cloud is what state says, and what is pending.

After every operation `modelling.Model.check` holds. Besides: a preview touches nothing; after an `up` that went well
another has nothing to do; at the end `destroy` leaves nothing but what was to be retained.
"""

import tempfile
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from tests.engine.modelling import Model, Wish
from trifold.engine.fork_server import ForkServer

NAMES = ("a", "b", "c", "d", "e")
FAULTS = st.sampled_from(["fail", "partial", "die", "die_after", "no_id", "unknown", "bytes"])
OPERATIONS = st.sampled_from(["create", "update", "delete"])
FLAGS = st.sampled_from(["protect", "retain", "delete_first", "own_provider", "secret"])


class Life(RuleBasedStateMachine):
    """One stack's life."""

    server: ClassVar[ForkServer]

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(prefix="trifold-model-")
        self.model = Model(Path(self.folder.name), self.server)
        self.renamed = 0

    def teardown(self) -> None:
        try:
            self.model.destroy_all()
        finally:
            self.model.close()
            self.folder.cleanup()

    # ---- the program -------------------------------------------------------------------------------------------------

    @initialize(data=st.data())
    def begin(self, data: st.DataObject) -> None:
        for _ in range(data.draw(st.integers(1, 4))):
            self.add(data)

    @rule(data=st.data())
    def add(self, data: st.DataObject) -> None:
        wishes = self.model.wishes
        free = [name for name in NAMES if name not in {one.name for one in wishes}]
        if not free:
            return
        known = [one.name for one in wishes]
        things = [one.name for one in wishes if not one.group]
        flag = data.draw(st.booleans() | st.just(False))
        wishes.append(
            Wish(
                name=free[0],
                group=data.draw(st.integers(0, 4)) == 0,
                parent=data.draw(st.sampled_from(["", *known])),
                # No groups: the SDK waits for all of their children too, of which this may be one.
                after=data.draw(st.lists(st.sampled_from(things), max_size=2, unique=True)) if things else [],
                uses=data.draw(st.sampled_from(["", *things])),
                secret=flag,
            )
        )

    @precondition(lambda self: self.model.wishes)
    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        gone = data.draw(st.sampled_from(self.model.wishes))
        self.model.wishes.remove(gone)
        for one in self.model.wishes:
            one.forget(gone.name)

    @precondition(lambda self: self.model.wishes)
    @rule(data=st.data())
    def rename(self, data: st.DataObject) -> None:
        """With an alias."""
        chosen = data.draw(st.sampled_from(self.model.wishes))
        self.renamed += 1
        old, chosen.name = chosen.name, f"n{self.renamed}"
        chosen.names.append(old)
        for one in self.model.wishes:
            one.rename(old, chosen.name)

    @precondition(lambda self: self.model.wishes)
    @rule(data=st.data(), key=st.sampled_from(["size", "place"]))
    def change(self, data: st.DataObject, key: str) -> None:
        chosen = data.draw(st.sampled_from(self.model.wishes))
        setattr(chosen, key, getattr(chosen, key) + 1)

    @precondition(lambda self: self.model.wishes)
    @rule(data=st.data(), flag=FLAGS)
    def turn(self, data: st.DataObject, flag: str) -> None:
        chosen = data.draw(st.sampled_from(self.model.wishes))
        setattr(chosen, flag, not getattr(chosen, flag))

    # ---- operations --------------------------------------------------------------------------------------------------

    @rule()
    def up(self) -> None:
        result = self.model.run("up")
        assert result.ok or "protected" in str(result), result
        if result.ok:
            again = self.model.run("preview")
            assert again.ok and not again.steps.changes, again

    @rule()
    def preview(self) -> None:
        calls = len(self.model.stack.calls)
        self.model.run("preview")
        asked = self.model.stack.calls[calls:]
        assert all(one.preview for one in asked if one.op in ("create", "update", "delete")), asked

    @rule()
    def refresh(self) -> None:
        assert self.model.run("refresh").ok
        self.model.vanished.clear()

    @precondition(lambda self: self.model.wishes)
    @rule(data=st.data())
    def up_targeted(self, data: st.DataObject) -> None:
        self.model.run("up", targets=[data.draw(st.sampled_from(self.model.wishes)).name])

    @rule()
    def destroy(self) -> None:
        result = self.model.run("destroy")
        assert result.ok or "protected" in str(result), result

    # ---- faults ------------------------------------------------------------------------------------------------------

    @rule(op=OPERATIONS, kind=FAULTS, verb=st.sampled_from(["up", "up", "destroy"]))
    def fault(self, op: str, kind: str, verb: str) -> None:
        stack = self.model.stack
        if kind in ("fail", "partial"):
            getattr(stack, kind)(op, "*") if (kind, op) != ("partial", "delete") else stack.fail(op, "*")
        elif kind.startswith("die"):
            stack.die(op, "*", after=kind == "die_after")
        elif op != "delete":
            stack.garbage(op, "*", kind if (kind, op) != ("no_id", "update") else "bytes")
        self.model.run(verb)
        stack.clear_faults()

    @rule(op=OPERATIONS, after=st.booleans())
    def interrupt(self, op: str, after: bool) -> None:
        self.model.interrupted(op, "*", after=after)

    @rule(step=st.integers(1, 12), lost=st.booleans(), verb=st.sampled_from(["up", "up", "destroy", "refresh"]))
    def kill(self, step: int, lost: bool, verb: str) -> None:
        self.model.killed(step, lost=lost, verb=verb)

    @precondition(lambda self: len(self.model.stack.cloud))
    @rule(data=st.data())
    def vanish(self, data: st.DataObject) -> None:
        """Somebody else deletes it."""
        found = data.draw(st.sampled_from(sorted(self.model.stack.cloud, key=lambda one: one.id)))
        self.model.stack.cloud.remove(found.type, found.id)
        self.model.vanished.add(found.id)


def live(server: ForkServer, examples: int, steps: int, **how: Any) -> None:
    kind = type("Life", (Life,), {"server": server})
    run_state_machine_as_test(
        kind,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
            **how,
        ),
    )


def test_lives(server: ForkServer) -> None:
    """A sample, the same each time."""
    live(server, 25, 5, derandomize=True)


@pytest.mark.soak
def test_many_lives(server: ForkServer) -> None:
    live(server, 300, 12, print_blob=True)
