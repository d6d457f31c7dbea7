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
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

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
        for _ in range(data.draw(st.integers(2, 4))):
            self._add(data)

    def _edit(self, data: st.DataObject) -> None:
        """One to three changes of the program."""
        edits = [self._add, self._add, self._remove, self._rename, self._change, self._change, self._turn]
        for _ in range(data.draw(st.integers(1, 3))):
            edit = data.draw(st.sampled_from(edits)) if self.model.wishes else self._add
            edit(data)

    def _add(self, data: st.DataObject) -> None:
        wishes = self.model.wishes
        # Not one that another goes by, either: "Duplicate resource alias", says Pulumi of two that come in that order.
        taken = {name for one in wishes for name in (one.name, *one.names)}
        free = [name for name in NAMES if name not in taken]
        if not free:
            return
        known = [one.name for one in wishes]
        things = [one.name for one in wishes if not one.group]
        wishes.append(
            Wish(
                name=free[0],
                group=data.draw(st.integers(0, 4)) == 4,
                parent=data.draw(st.sampled_from(["", *known])),
                # No groups: the SDK waits for all of their children too, of which this may be one.
                after=data.draw(st.lists(st.sampled_from(things), max_size=2, unique=True)) if things else [],
                uses=data.draw(st.sampled_from(["", *things])),
                secret=data.draw(st.booleans()),
            )
        )

    def _chosen(self, data: st.DataObject) -> Wish:
        return data.draw(st.sampled_from(self.model.wishes))

    def _remove(self, data: st.DataObject) -> None:
        gone = self._chosen(data)
        self.model.wishes.remove(gone)
        for one in self.model.wishes:
            one.forget(gone.name)

    def _rename(self, data: st.DataObject) -> None:
        """With an alias."""
        chosen = self._chosen(data)
        self.renamed += 1
        old, chosen.name = chosen.name, f"n{self.renamed}"
        chosen.names.append(old)
        for one in self.model.wishes:
            one.rename(old, chosen.name)

    def _change(self, data: st.DataObject) -> None:
        chosen, key = self._chosen(data), data.draw(st.sampled_from(["size", "place"]))
        setattr(chosen, key, getattr(chosen, key) + 1)

    def _turn(self, data: st.DataObject) -> None:
        chosen, flag = self._chosen(data), data.draw(FLAGS)
        setattr(chosen, flag, not getattr(chosen, flag))

    # ---- operations: each is of a changed program -------------------------------------------------------------------

    @rule(data=st.data())
    def up(self, data: st.DataObject) -> None:
        self._edit(data)
        result = self.model.run("up")
        assert result.ok or "marked for protection" in str(result) or "protected" in str(result), result
        if result.ok:
            again = self.model.run("preview")
            assert again.ok and not again.steps.changes, again

    @rule(data=st.data())
    def preview(self, data: st.DataObject) -> None:
        self._edit(data)
        calls = len(self.model.stack.calls)
        self.model.run("preview")
        asked = self.model.stack.calls[calls:]
        assert all(one.preview for one in asked if one.op in ("create", "update", "delete")), asked

    @rule()
    def refresh(self) -> None:
        assert self.model.run("refresh").ok
        self.model.vanished.clear()

    @rule(data=st.data())
    def up_targeted(self, data: st.DataObject) -> None:
        self._edit(data)
        if self.model.wishes:
            self.model.run("up", targets=[self._chosen(data).name])

    @rule()
    def destroy(self) -> None:
        result = self.model.run("destroy")
        assert result.ok or "marked for protection" in str(result) or "protected" in str(result), result

    # ---- faults ------------------------------------------------------------------------------------------------------

    @rule(data=st.data(), op=OPERATIONS, kind=FAULTS)
    def fault(self, data: st.DataObject, op: str, kind: str) -> None:
        self._edit(data)
        stack = self.model.stack
        if kind in ("fail", "partial"):
            getattr(stack, kind)(op, "*") if (kind, op) != ("partial", "delete") else stack.fail(op, "*")
        elif kind.startswith("die"):
            stack.die(op, "*", after=kind == "die_after")
        elif op != "delete":
            stack.garbage(op, "*", kind if (kind, op) != ("no_id", "update") else "bytes")
        self.model.run("destroy" if op == "delete" and data.draw(st.booleans()) else "up")
        stack.clear_faults()

    @rule(data=st.data(), op=OPERATIONS, after=st.booleans())
    def interrupt(self, data: st.DataObject, op: str, after: bool) -> None:
        self._edit(data)
        self.model.interrupted(op, "*", after=after)

    @rule(data=st.data(), step=st.integers(1, 9), lost=st.booleans())
    def kill(self, data: st.DataObject, step: int, lost: bool) -> None:
        self._edit(data)
        self.model.killed(step, lost=lost)

    @rule(data=st.data(), step=st.integers(1, 9), lost=st.booleans())
    def kill_again(self, data: st.DataObject, step: int, lost: bool) -> None:
        for number in (step, 10 - step):
            self._edit(data)
            self.model.killed(number, lost=lost)

    @rule(step=st.integers(1, 5), lost=st.booleans(), verb=st.sampled_from(["destroy", "refresh"]))
    def kill_other(self, step: int, lost: bool, verb: str) -> None:
        self.model.killed(step, lost=lost, verb=verb)

    @rule(place=st.integers(0, 3))
    def vanish(self, place: int) -> None:
        """Somebody else deletes it. What is in the cloud depends on chance, so it cannot be drawn from."""
        there = sorted(self.model.stack.cloud, key=lambda one: one.id)
        if not there:
            return
        found = there[place % len(there)]
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
@pytest.mark.timeout(1800)
def test_many_lives(server: ForkServer) -> None:
    live(server, 300, 12, print_blob=True)
