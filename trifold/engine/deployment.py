"""One run: takes the program's requests, has steps decided and done, then deletes what nobody asked for."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from typing import Any

from trifold.engine import urn as urns
from trifold.engine.answers import Difference, DiffUnavailable, ProviderError
from trifold.engine.builtin import Builtin
from trifold.engine.checkpoint import Snapshot
from trifold.engine.deletes import delete_rest
from trifold.engine.events import Events
from trifold.engine.executor import Executor
from trifold.engine.generator import Bail, Generator
from trifold.engine.graph import Graph
from trifold.engine.hooks import Hooks
from trifold.engine.inbox import Inbox
from trifold.engine.journal import Recorder
from trifold.engine.looks import Refresh
from trifold.engine.observer import Observer
from trifold.engine.options import Options
from trifold.engine.outputs import Outputs
from trifold.engine.paths import ignore_changes
from trifold.engine.plugins import Host
from trifold.engine.properties import Properties, diff, unwrap
from trifold.engine.recovery import settle_pending
from trifold.engine.refreshing import refresh
from trifold.engine.registry import Registry, filtered
from trifold.engine.requests import Continue, ProgramEnded, Read, Register, RegisterOutputs
from trifold.engine.state import Goal, Resource
from trifold.engine.steps import (
    Step,
)
from trifold.engine.with_program import refresh_rest, refuse_hooks
from trifold.errors import UserError


class Deployment:
    """A run over a stack's state. `execute` runs it; True if all went well."""

    def __init__(
        self,
        *,
        stack: str,
        project_name: str,
        options: Options,
        base: Snapshot,
        host: Host,
        events: Events,
        recorder: Recorder | None,
        outputs_of: Any,
    ) -> None:
        self.stack, self.project_name, self.options = stack, project_name, options
        self.preview, self.ignore_protect = options.preview, options.ignore_protect
        # With the program, each resource is refreshed when the program comes to it.
        self.refresh_first = options.run_program and options.refresh and options.verb != "destroy"
        self.base, self.events, self.recorder = base, events, recorder
        self.rebuild()
        self.news: dict[str, Resource] = {}
        self.reads: dict[str, Resource] = {}
        self.goals: dict[str, Goal] = {}
        self.hooks = Hooks(options.preview, self._report)
        builtin = Builtin(outputs_of, lambda urn: self.news.get(urn) or self.reads.get(urn))
        self.registry = Registry(lambda package: builtin if package == "pulumi" else host.open(package))
        self.generator = Generator(self)
        self.observer = Observer(self)
        self.interrupted = threading.Event()
        self.inbox = Inbox()
        self.outputs = Outputs(self)
        self.executor: Executor | None = None
        self._load_lock = threading.RLock()
        self.going: list[Step] = []

    def rebuild(self) -> None:
        """Derive what follows from the base anew, after a change of it."""
        self.graph = Graph(self.base.resources)
        self.olds = {one.urn: one for one in self.base.resources if not one.delete}

    @property
    def root_urn(self) -> str:
        return urns.make(self.stack, self.project_name, "", urns.ROOT_TYPE, f"{self.project_name}-{self.stack}")

    def stack_outputs(self) -> Properties:
        """The stack's outputs as the run left them."""
        found = self.news.get(self.root_urn) or self.olds.get(self.root_urn)
        return dict(found.outputs) if found is not None else {}

    # ---- what others ask of a run ----------------------------------------------------------------------------------

    def interrupt(self) -> None:
        """Begin no further step, and ask the providers to stop what they do."""
        self.interrupted.set()
        if self.executor:
            self.executor.stop()
        self.inbox.wake()
        self.registry.cancel()

    def provider_of(self, resource: Resource) -> Any:
        """The provider that does a resource's steps. Raises ProviderError where there is none."""
        if resource.is_provider:
            return self.registry
        found = self.registry.get(resource.provider) if resource.provider else None
        if found is None:
            raise ProviderError(f"unknown provider '{resource.provider}' for resource '{resource.urn}'")
        return found

    def configure_same(self, resource: Resource) -> None:
        self.registry.same(resource, after_check=True)

    def load_provider(self, reference: str) -> bool:
        """Have the provider ready that state names; False if state has none such."""
        if not reference:
            return True
        with self._load_lock:
            if self.registry.get(reference) is not None:
                return True
            urn, ident = urns.split_reference(reference)
            for one in self.base.resources:
                if one.urn == urn and one.id == ident:
                    self.registry.same(one, after_check=False)
                    return True
        return False

    def alias_provider(self, urn: str, old: str) -> None:
        self.registry.alias(urn, old)

    def provider_replaces(self, old: Resource | None, new: Resource, reference: str) -> bool:
        """Whether the new provider says that what the old one made must be replaced."""
        provider = self.registry.get(reference)
        if provider is None or old is None:
            raise UserError(f"failed to resolve provider reference '{reference}'")
        difference = provider.diff_config(new.urn, filtered(old.inputs), old.outputs, filtered(new.inputs))
        return difference.replaces

    def check(
        self, provider: Any, urn: str, olds: Properties, news: Properties, seed: bytes
    ) -> tuple[Properties, list[tuple[str, str]]]:
        return provider.check(urn, olds, news, seed, preview=self.preview)

    def diff(
        self, resource: Resource, old: Resource, news: Mapping[str, Any], provider: Any, *, unknowns: bool | None = None
    ) -> Difference:
        """The provider's Diff of old state against new inputs; where it does not know, the inputs are compared."""
        preview = self.preview if unknowns is None else unknowns
        found = provider.diff(
            resource.urn, old.id, old.inputs, old.outputs, news, resource.ignore_changes, preview=preview
        )
        if found.changes == "unknown":
            kept, _ = ignore_changes(dict(news), old.inputs, resource.ignore_changes)
            changed = diff(unwrap(old.inputs), unwrap(kept))
            found.changes = "some" if changed else "none"
            if changed:
                found.changed_keys = sorted({path.split(".")[0].split("[")[0] for path in changed})
                found.detailed = {path: (kind, True) for path, kind in changed.items()}
        return found

    def diff_or_reason(self, new: Resource, old: Resource, news: Properties, provider: Any) -> tuple[Difference, str]:
        try:
            return self.diff(new, old, news, provider), ""
        except DiffUnavailable as error:
            return Difference("some"), str(error)

    def report_failures(self, resource: Resource, failures: Sequence[tuple[str, str]]) -> bool:
        """Tell of what Check found wrong; whether there was anything."""
        for name, reason in failures:
            about = f"{resource.type} resource '{resource.name}'"
            where = f": property {name}" if name else ""
            self.error(resource.urn, f"{about}{where} has a problem: {reason}")
        return bool(failures)

    def info(self, urn: str, text: str) -> None:
        self._report("info", urn, text)

    def warn(self, urn: str, text: str) -> None:
        self._report("warning", urn, text)

    def error(self, urn: str, text: str) -> None:
        self._report("error", urn, text)

    def _report(self, severity: str, urn: str, text: str) -> None:
        self.events.diagnostic(severity, urn, text)

    # ---- running ---------------------------------------------------------------------------------------------------

    def execute(self, program: Any) -> bool:
        """Run it. `program` starts the program and posts its requests; None for a run without one."""
        try:
            ok = self._run_all(program)
        except BaseException:
            self.inbox.close()
            self.registry.abandon()
            raise
        self.inbox.close()
        self.registry.close()
        return ok

    def _run_all(self, program: Any) -> bool:
        if self.recorder is not None:
            settle_pending(self)
        verb, with_program = self.options.verb, self.options.run_program
        if verb == "destroy" and not with_program and refuse_hooks(self):
            return False
        if (verb == "destroy" or not with_program) and not refresh(self):
            return False
        return (verb == "refresh" and not with_program) or self._run(program)

    def _run(self, program: Any) -> bool:
        self.executor = executor = Executor(
            self, self.observer, self.options.parallel, continue_on_error=self.options.continue_on_error
        )
        if self.interrupted.is_set():
            executor.stop()
        error = ""
        ok = True
        try:
            if not self._known(self.options.replace.literals):
                raise Bail("")
            if program is not None and not executor.stopped.is_set():
                program.start()
                self._serve(executor)
            if not executor.stopped.is_set():
                ok = self._known([*self.options.targets.literals, *self.options.replace.literals])
                self._finish(executor)
        except Bail as bail:
            error, ok = str(bail), False
        except (UserError, ProviderError) as failure:
            error, ok = str(failure), False
        if error:
            self.error("", error)
        if not ok:
            executor.stop()
        executor.close()
        self.inbox.close()
        failed = bool(not ok or executor.failure or self.generator.progress.failed or self.hooks.errors)
        self.outputs.finish(failed)
        if self.interrupted.is_set():
            self.error("", f"{'preview' if self.preview else 'update'} canceled")
            failed = True
        elif failed:
            self.error("", f"{'preview' if self.preview else 'update'} failed")
        return not failed

    def _serve(self, executor: Executor) -> None:
        """Until the program ended and all that began is decided."""
        ended = False
        while not executor.stopped.is_set():
            request = self.inbox.next()
            if request is None or executor.stopped.is_set():
                continue
            if isinstance(request, ProgramEnded):
                if request.error != "":
                    raise Bail(request.error or "")
                ended = True
            else:
                self._handle(request, executor)
            if ended and self.generator.waiting == 0:
                return

    def _handle(self, request: Any, executor: Executor) -> None:
        generator = self.generator
        if isinstance(request, RegisterOutputs):
            self.outputs.register(request)
            return
        if isinstance(request, Register):
            steps = generator.register(request)
        elif isinstance(request, Read):
            steps = generator.read(request)
        elif isinstance(request, Continue):
            generator.waiting -= 1
            steps = request.next_steps()
        else:
            raise TypeError(request)
        if not any(isinstance(step, Refresh) or step.op.startswith("import") for step in steps):
            steps = generator.targets.validate(steps)
        if self.options.continue_on_error:
            steps = self._without_doomed(steps, executor)
        if steps:
            executor.submit(steps)

    def _without_doomed(self, steps: list[Step], executor: Executor) -> list[Step]:
        """The steps that do not need something that failed."""
        doomed = {step.urn for step in executor.failed_steps} | self.observer.skipped
        kept = []
        for step in steps:
            if any(urn in doomed for urn in step.resource.needs()):
                step.answer("skipped")
                self.observer.skipped.add(step.urn)
                doomed.add(step.urn)
            else:
                kept.append(step)
        return kept

    def _known(self, chosen: Sequence[str]) -> bool:
        """Whether there are resources of all these URNs, in state or so far; told, if not."""
        known = self.generator.progress.urns | {one.urn for one in self.base.resources}
        unknown = [urn for urn in chosen if urn not in known]
        for urn in unknown:
            hint = "" if "$" in urn else " Did you forget to escape $ in your shell?"
            self.error("", f"Target '{urn}' could not be found in the stack.{hint}")
        return not unknown

    def _finish(self, executor: Executor) -> None:
        """Delete what nobody asked for."""
        if not self.base.resources:
            return
        executor.wait_idle()
        if executor.stopped.is_set():
            return
        if self.options.verb == "refresh":
            refresh_rest(self)
            return
        delete_rest(self, executor)
