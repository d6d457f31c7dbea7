"""Resource hooks: functions of the program that the engine calls before and after a step, and when one fails.

A failing hook of "before" fails the step; one of "after" comes too late for that, and fails the run.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from trifold.engine import proto
from trifold.engine.answers import PartialFailure, ProviderError
from trifold.engine.state import Resource
from trifold.engine.wire import Form

MOST_RETRIES = 100
# The names of hooks in requests, by (when, verb); "on_error" is of all verbs.
FIELDS = ("before_create", "after_create", "before_update", "after_update", "before_delete", "after_delete", "on_error")
# The names in state files.
NAMES = {
    "before_create": "BeforeCreate",
    "after_create": "AfterCreate",
    "before_update": "BeforeUpdate",
    "after_update": "AfterUpdate",
    "before_delete": "BeforeDelete",
    "after_delete": "AfterDelete",
    "on_error": "OnError",
}


class HookFailed(ProviderError):
    """A hook raised; the step that it belongs to is not done."""


@dataclass(frozen=True)
class Hook:
    """One registered function: how to call it, and whether previews do."""

    name: str
    call: Callable[[bytes], bytes]
    on_preview: bool = False
    ignore_errors: bool = False


class Report(Protocol):
    """Where messages about a resource go."""

    def __call__(self, severity: str, urn: str, text: str) -> None: ...


@dataclass
class Hooks:
    """The hooks of one run. `errors` are those of hooks that came after their step."""

    preview: bool
    report: Report
    errors: list[str] = field(default_factory=list)
    _hooks: dict[str, Hook] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def register(self, hook: Hook) -> None:
        with self._lock:
            if hook.name in self._hooks:
                raise ValueError(f"resource hook {hook.name!r} is registered already")
            self._hooks[hook.name] = hook

    def before(self, verb: str, new: Resource | None, old: Resource | None) -> None:
        """Run the hooks before a step. Raises HookFailed."""
        self._run(f"before_{verb}", new, old)

    def after(self, verb: str, new: Resource | None, old: Resource | None) -> None:
        """Run the hooks after a step; what they raise fails the run."""
        try:
            self._run(f"after_{verb}", new, old)
        except HookFailed as error:
            resource = new or old
            self.report("error", resource.urn if resource else "", str(error))
            self.errors.append(str(error))

    def _names(self, moment: str, new: Resource | None, old: Resource | None) -> list[str]:
        resource = new if new is not None else old
        return resource.hooks.get(NAMES[moment], []) if resource else []

    def _run(self, moment: str, new: Resource | None, old: Resource | None) -> None:
        for name in self._names(moment, new, old):
            resource = new if new is not None else old
            assert resource is not None
            hook = self._hooks.get(name)
            if hook is None:
                raise HookFailed(f"{moment} hook {name!r} was not registered")
            if self.preview and not hook.on_preview:
                continue
            answer = proto.resource.ResourceHookResponse.FromString(
                hook.call(self._request(moment, new, old).SerializeToString())
            )
            if answer.error:
                self._failed(hook, moment, resource, answer.error)

    def _failed(self, hook: Hook, moment: str, resource: Resource, error: str) -> None:
        text = f"{moment} hook {hook.name!r} failed: {error}"
        if hook.ignore_errors:
            self.report("warning", resource.urn, text)
            return
        raise HookFailed(text)

    def _request(self, moment: str, new: Resource | None, old: Resource | None) -> Any:
        resource = new if new is not None else old
        assert resource is not None
        form = Form(unknowns=True)
        request = proto.resource.ResourceHookRequest(
            urn=resource.urn, id=resource.id, name=resource.name, type=resource.type
        )
        if new is not None:
            request.new_inputs.CopyFrom(form(new.inputs))
            request.new_options.CopyFrom(options_of(new))
            if moment.startswith("after"):
                request.new_outputs.CopyFrom(form(new.outputs))
        if old is not None:
            request.old_inputs.CopyFrom(form(old.inputs))
            request.old_outputs.CopyFrom(form(old.outputs))
            request.old_options.CopyFrom(options_of(old))
        return request

    # ---- when a step fails ---------------------------------------------------------------------------------------

    def retrying(self, verb: str, new: Resource | None, old: Resource | None, call: Callable[[], Any]) -> Any:
        """The call's result; on failure it is tried again as long as an error hook asks for it."""
        names = self._names("on_error", new, old)
        failures: list[str] = []
        while True:
            try:
                return call()
            except HookFailed:
                raise
            except ProviderError as error:
                failures.append(str(error))
                resource = new or old
                assert resource is not None
                if not names or not self._wants_retry(verb, new, old, names, failures):
                    raise
                if len(failures) >= MOST_RETRIES:
                    self.report(
                        "warning", resource.urn, f"maximum number of error hook retries ({MOST_RETRIES}) reached"
                    )
                    raise
                text = f"retrying {verb} due to on-error hook request ({len(failures)}/{MOST_RETRIES})"
                self.report("warning", resource.urn, text)
                if isinstance(error, PartialFailure) and new is not None:
                    new.init_errors = error.reasons

    def _wants_retry(
        self, verb: str, new: Resource | None, old: Resource | None, names: list[str], failures: list[str]
    ) -> bool:
        resource = new or old
        assert resource is not None
        wanted = False
        for name in names:
            hook = self._hooks.get(name)
            if hook is None:
                raise HookFailed(f"error hook {name!r} was not registered")
            request = self._error_request(verb, new, old, failures)
            answer = proto.resource.ErrorHookResponse.FromString(hook.call(request.SerializeToString()))
            if answer.error:
                raise HookFailed(f"error hook {name!r} failed: {answer.error}")
            wanted = wanted or answer.retry
        return wanted

    def _error_request(self, verb: str, new: Resource | None, old: Resource | None, failures: list[str]) -> Any:
        resource = new if new is not None else old
        assert resource is not None
        form = Form(unknowns=True)
        request = proto.resource.ErrorHookRequest(
            urn=resource.urn,
            id=resource.id,
            name=resource.name,
            type=resource.type,
            failed_operation=verb,
            errors=list(reversed(failures)),
        )
        if new is not None:
            request.new_inputs.CopyFrom(form(new.inputs))
            request.new_options.CopyFrom(options_of(new))
        if old is not None:
            request.old_inputs.CopyFrom(form(old.inputs))
            request.old_outputs.CopyFrom(form(old.outputs))
            request.old_options.CopyFrom(options_of(old))
        return request


def options_of(resource: Resource) -> Any:
    """The options a resource was registered with, as hooks get them."""
    made = proto.resource.ResourceOptions(
        depends_on=resource.dependencies,
        protect=resource.protect,
        ignore_changes=resource.ignore_changes,
        replace_on_changes=resource.replace_on_changes,
        provider=resource.provider,
        retain_on_delete=resource.retain_on_delete,
        deleted_with=resource.deleted_with,
        additional_secret_outputs=resource.additional_secret_outputs,
        hide_diff=resource.hide_diff,
        replace_with=resource.replace_with,
        parent=resource.parent,
    )
    setattr(made, "import", resource.import_id)
    for name in FIELDS:
        getattr(made.hooks, name).extend(resource.hooks.get(NAMES[name], []))
    return made
