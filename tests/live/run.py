"""A run: refused before it costs anything, or brought to its end, whatever happens in between."""

import json
import os
import shutil
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

from tests.conformance import rig
from tests.live import look, mark, page, plan, plugin, record
from tests.live.calls import Caller, interrupts
from tests.live.down import Down, take_down
from tests.live.plan import Place, Plan, Refusal, Wish
from tests.live.steps import timed
from trifold.errors import UserError

# What every run is held to; `live` adds what holds for real accounts.
ALWAYS: tuple[Refusal, ...] = (plan.wrong_file, plan.too_dear)


def real() -> Place:
    """The user's own shell. UserError without `pulumi`: the embedded engine is for local clouds."""
    engine = shutil.which("pulumi")
    if engine is None:
        raise UserError("there is no `pulumi` on the PATH", next="https://www.pulumi.com/docs/install/")
    return Place(rig.ROOT, record.FOLDER, rig.ROOT / ".trifold" / "live", [engine], os.environ)


def live(wish: Wish) -> record.Record:
    """A run on a real account, and no other."""
    return _live(wish, real(), (plan.wrong_file, plan.not_real, plan.too_dear), record.REAL)


def _live(wish: Wish, place: Place, refusals: Sequence[Refusal], account: str) -> record.Record:
    """The run. Only this project's own test gives other refusals than `live`: a local cloud shows nothing of a real.

    Raises UserError before anything is made; from then on, all that happens is in the record, which is also written.
    """
    mark.refuse_forgotten(place.kept, wish.name)
    made = plan.plan(wish, place)
    plan.check(made, place, refusals)
    with mark.alone(place.kept, wish.name) as lock, interrupts() as stopping:
        call = Caller(place.folder, place.environment, place.kept / f"{wish.name}-logs", lock, stopping)
        found = Run(made, place, call, account).whole()
    told = record.from_json(json.dumps(look.masked(asdict(found), made.account))) if found.real else found
    print(f"== written: {record.write(told, page.render(told), place.records)}", flush=True)
    return told


@dataclass
class Run:
    """One run, part by part."""

    plan: Plan
    place: Place
    call: Caller
    account: str
    steps: list[record.Step] = field(default_factory=list)
    seen: dict[str, Any] = field(default_factory=dict)

    def whole(self) -> record.Record:
        started = datetime.now(UTC)
        self._prepare()
        wish, place = self.plan.wish, self.place
        mark.write(
            place.kept, mark.Mark(wish.name, wish.cloud, self.plan.region, f"{started:%FT%T%z}", self.plan.hourly)
        )
        up = time.monotonic()
        try:
            self._use(up + wish.hours * 3600)
        finally:
            self.call.stopping.begin_teardown()
            down = take_down(wish.cloud, wish.name, place, self.call)
        hours = (time.monotonic() - up) / 3600
        return self._record(f"{started:%F}", hours, down)

    def _prepare(self) -> None:
        """All that costs nothing. UserError ends the run here."""
        wish, place = self.plan.wish, self.place
        if look.resources(wish.name, place):
            raise UserError(
                f"the stack '{wish.name}' is up already, and the run would take it down",
                next=f"pulumi destroy -s {wish.name}, or another: STACK=NAME",
            )
        if place.rehearse:
            self._step("tests on the local cloud", self._rehearse)
            self._stop_if_failed("the suite does not pass on the local cloud, so it is not tried where it costs")
        findings = self._step("doctor", lambda: look.doctor(wish.name, place))
        self._stop_if_failed("")
        self.seen["findings"] = tuple(findings)
        if place.pulumi:
            self._step("stack", lambda: self._ran("stack", ["stack", "select", "--create", wish.name]))
            self._stop_if_failed("")

    def _use(self, until: float) -> None:
        name = self.plan.wish.name
        command = ["up", "--yes", "--skip-preview", "-s", name]
        if self._step("up", lambda: self._ran("up", command, until)):
            self.seen["resources"] = look.resources(name, self.place)
            self._step("tests", lambda: self._tests(plugin.LIVE, until))

    def _rehearse(self) -> bool:
        return self._tests(plugin.EMULATED, float("inf"))

    def _tests(self, depth: str, until: float) -> bool:
        """True. RuntimeError where one failed, or not all were run."""
        wish, place = self.plan.wish, self.place
        file = place.kept / f"{wish.name}-{depth}.jsonl"
        job = plugin.Job(depth, wish.cloud, wish.name, list(place.engine), place.folder, file, os.getpid())
        kept = "tests" if depth == plugin.LIVE else "local"
        try:
            for _ in look.suite(job, self.call, until):
                pass
        finally:
            self.seen[kept] = tuple(look.results(file))
        failed = sum(one.outcome == "failed" for one in self.seen[kept])
        if failed:
            raise RuntimeError(f"{failed} of {len(self.seen[kept])} tests failed")
        if not any(one.outcome == "passed" for one in self.seen[kept]):
            raise RuntimeError(f"no test was run: {self.call.said(f'tests {depth}')}")
        return True

    def _ran(self, name: str, arguments: list[str], until: float = float("inf")) -> bool:
        status = self.call(name, [*self.place.engine, *arguments], until)
        if status:
            raise RuntimeError(f"status {status}: {self.call.said(name)} (all of it: {self.call.log(name)})")
        return True

    def _step(self, name: str, work: Any) -> Any:
        if self.call.stopping.wanted:
            return None
        answer, step = timed(name, work)
        self.steps.append(step)
        return answer

    def _stop_if_failed(self, what: str) -> None:
        if self.call.stopping.wanted:
            raise UserError("stopped before anything was made")
        why = self.steps[-1].why
        if why:
            raise UserError(": ".join(filter(None, (what, why))))

    def _record(self, day: str, hours: float, down: Down) -> record.Record:
        wish = self.plan.wish
        return record.Record(
            day=day,
            cloud=wish.cloud,
            region=self.plan.region,
            account=self.account,
            versions=look.versions(wish.cloud, self.place),
            money=record.Money(self.plan.hourly, round(hours, 3), wish.max_usd, self.plan.unknown),
            steps=(*self.steps, *down.steps),
            leaked=down.leaked,
            left=down.left,
            held=down.held,
            **self.seen,
        )


def finish(cloud: str, stack: str, place: Place | None = None) -> Down:
    """Take down what a killed run left. UserError where none did."""
    where = place or real()
    found = mark.read(where.kept, stack)
    if found is None or found.cloud != cloud:
        raise UserError(f"no run left the stack '{stack}' up on {cloud}", str(where.kept), "trifold sweep")
    print(found.told(datetime.now(UTC)), flush=True)
    with mark.alone(where.kept, stack) as lock, interrupts() as stopping:
        stopping.begin_teardown()
        call = Caller(where.folder, where.environment, where.kept / f"{stack}-logs", lock, stopping)
        return take_down(cloud, stack, where, call)
