"""Reads what a preview said: the digest of `pulumi preview --json`, or the engine's events, a line of JSON each."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from trifold.errors import UserError
from trifold.policy.resource import SECRET, UNKNOWN, Preview, Resource, canonical

# Pulumi's marks, as they are in events (sdk/go/common/resource/properties.go, sdk/go/common/resource/plugin/rpc.go).
SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
SECRET_SIGNATURE: Final = "1b47061264138c4ac30d75fd1eb44270"
OUTPUT_SIGNATURE: Final = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
UNKNOWN_TEXTS: Final = frozenset(
    {
        "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
        "030794c1-ac77-496b-92df-f27374a8bd58",
        "e48ece36-62e2-4504-bad9-02848725956a",
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
        "[unknown]",
    }
)
GOING: Final = ("delete", "delete-replaced", "discard", "discard-replaced", "remove-pending-replace")
NEXT: Final = "give it the output of `pulumi preview --json`, or the file of `trifold preview --event-log FILE`"
Steps = Iterable[Mapping[str, Any]]


def read(text: str, where: str) -> Preview:
    """The preview in a text. UserError for what is none: nothing, no JSON, JSON of something else, a failed run."""
    if not text.strip():
        raise UserError("there are no events: what was read is empty", where=where, next=NEXT)
    documents = list(_documents(text, where))
    if len(documents) == 1 and _is_digest(documents[0]):
        return _of_digest(documents[0], where)
    return _of_events(documents, where)


def preview(events: Iterable[Mapping[str, Any]], where: str = "the events") -> Preview:
    """The preview that a list of engine events tells."""
    return _of_events(list(events), where)


def plain(value: Any) -> Any:
    """A value of an event, without Pulumi's wrappings: secrets and unknowns become marks, and are never shown."""
    if isinstance(value, str):
        return SECRET if value == "[secret]" else UNKNOWN if value in UNKNOWN_TEXTS else value
    if isinstance(value, list):
        return [plain(one) for one in value]
    if not isinstance(value, Mapping):
        return value
    signature = value.get(SIGNATURE)
    if signature == SECRET_SIGNATURE:
        return SECRET
    if signature == OUTPUT_SIGNATURE:
        return SECRET if value.get("secret") else plain(value["value"]) if "value" in value else UNKNOWN
    return {key: plain(one) for key, one in value.items()}


def _documents(text: str, where: str) -> Iterator[Any]:
    """The JSON documents that stand one after another, as `pulumi` prints lines and an indented digest alike."""
    decoder, place = json.JSONDecoder(), 0
    while place < len(text):
        if text[place].isspace():
            place += 1
            continue
        try:
            found, place = decoder.raw_decode(text, place)
        except json.JSONDecodeError as error:
            line = text.count("\n", 0, error.pos) + 1
            raise UserError(
                f"what was read is not JSON: {error.msg}", where=f"{where}, line {line}", next=NEXT
            ) from None
        yield found


def _is_digest(found: Any) -> bool:
    return isinstance(found, Mapping) and ("steps" in found or "changeSummary" in found or "config" in found)


def _of_digest(digest: Mapping[str, Any], where: str) -> Preview:
    steps = digest.get("steps") or []
    _refuse_errors(digest.get("diagnostics") or [], where)
    summary = digest.get("changeSummary") or {}
    if not isinstance(steps, list) or not isinstance(summary, Mapping):
        raise _unlike(where)
    found = [(_sound(one, where), _sound_state(one.get("newState"), where)) for one in steps]
    told = sum(1 for step, _ in found if step["op"] == "same")
    return _preview(found, digest.get("config") or {}, max(0, summary.get("same", 0) - told))


def _of_events(events: list[Any], where: str) -> Preview:
    if not all(isinstance(one, Mapping) for one in events):
        raise UserError("what was read is JSON, but not of a preview", where=where, next=NEXT)
    steps = [
        _sound(found.get("metadata") if isinstance(found, Mapping) else None, where)
        for event in events
        if (found := event.get("resourcePreEvent") or event.get("resOutputsEvent"))
    ]
    if not steps and not any("summaryEvent" in event or "preludeEvent" in event for event in events):
        raise UserError("what was read is JSON, but not of a preview", where=where, next=NEXT)
    _refuse_errors([event["diagnosticEvent"] for event in events if "diagnosticEvent" in event], where)
    config = next((event["preludeEvent"].get("config") for event in events if "preludeEvent" in event), None)
    return _preview([(one, _sound_state(one.get("new"), where)) for one in steps], config or {}, 0)


def _sound(step: Any, where: str) -> Mapping[str, Any]:
    """A step that says what it is about; UserError for anything else."""
    if isinstance(step, Mapping) and isinstance(step.get("op"), str) and str(step.get("urn")).count("::") >= 3:
        return step
    raise _unlike(where)


def _sound_state(state: Any, where: str) -> Mapping[str, Any] | None:
    if state is None or (isinstance(state, Mapping) and isinstance(state.get("inputs") or {}, Mapping)):
        return state
    raise _unlike(where)


def _unlike(where: str) -> UserError:
    return UserError("the steps in it are not what Pulumi writes", where=where, next=NEXT)


# What every failed run says besides its reason.
NO_NEWS: Final = ("preview failed", "update failed", "Resource monitor has terminated, shutting down")


def _refuse_errors(diagnostics: Steps, where: str) -> None:
    """A preview that failed ends early: what it did not come to cannot be checked, and must not count as clean."""
    said = [(str(one.get("severity")), str(one.get("message", "")).strip()) for one in diagnostics]
    errors = [text for severity, text in said if severity == "error"]
    if errors:
        printed = [text for severity, text in said if severity == "info#err" and text]
        told = [text for text in errors if text and text.removeprefix("error: ") not in NO_NEWS]
        # What a program says of its end is on its standard error.
        reason = _gist(next(iter([*told, *reversed(printed)]), "it does not say why"))
        raise UserError(f"the preview failed, so nothing is checked: {reason}", where=where, next="mend the preview")


def _gist(text: str) -> str:
    """The line that says what happened: the last of a traceback, the first of anything else."""
    found = text.splitlines()
    return found[-1] if found[0].endswith(":") or "Traceback" in text else found[0]


def _preview(steps: Iterable[tuple[Mapping[str, Any], Any]], config: Mapping[str, str], absent: int) -> Preview:
    """The last word on each URN counts. What goes is left out; so are what is only read, components and providers."""
    states: dict[str, tuple[Mapping[str, Any], Mapping[str, Any]]] = {}
    for step, state in steps:
        if state and step["op"] not in GOING and not state.get("external"):
            states[step["urn"]] = step, state
        elif step["op"] == "delete":
            states.pop(step["urn"], None)
    providers = {urn: plain(state.get("inputs") or {}) for urn, (_, state) in states.items()}
    resources = [
        _resource(urn, step, state, providers.get(str(state.get("provider", "")).rpartition("::")[0], {}))
        for urn, (step, state) in states.items()
        if state.get("custom") and not urn.split("::")[2].rpartition("$")[2].startswith("pulumi:")
    ]
    return Preview(tuple(resources), absent, config)


def _resource(urn: str, step: Mapping[str, Any], state: Mapping[str, Any], provider: Mapping[str, Any]) -> Resource:
    inputs = plain(state.get("inputs") or {})
    type_ = canonical(state.get("type") or urn.split("::")[2].rpartition("$")[2])
    return Resource(urn, type_, urn.rpartition("::")[2], inputs, step["op"], provider)
