"""The provider `pulumi` that the engine itself is: stack references, stashes, and looking up a resource by its URN."""

import uuid
from collections.abc import Callable
from typing import Any

from trifold.engine import urn as urns
from trifold.engine.answers import Difference, Found, ProviderError
from trifold.engine.properties import Properties, equal
from trifold.protocol.values import has_secret

STACK_REFERENCE = "pulumi:pulumi:StackReference"
STASH = "pulumi:index:Stash"
# The property of each type that the program gives.
GIVEN = {STACK_REFERENCE: "name", STASH: "input"}


class Builtin:
    """Answers like a Plugin. `outputs_of`: a stack's name to its outputs; `find`: a URN to its Resource or None."""

    version = ""

    def __init__(self, outputs_of: Callable[[str], Properties], find: Callable[[str], Any]) -> None:
        self._outputs_of, self._find = outputs_of, find

    def known(self) -> bool:
        return True

    def close(self) -> None:
        pass

    def cancel(self) -> None:
        pass

    def check_config(self, urn: str, olds: Properties, news: Properties) -> tuple[Properties, list]:
        return {}, []

    def diff_config(
        self, urn: str, old_inputs: Properties, old_outputs: Properties, news: Properties, *_: Any
    ) -> Difference:
        return Difference("none")

    def configure(self, urn: str, id: str, inputs: Properties) -> None:
        pass

    def check(
        self, urn: str, olds: Properties, news: Properties, seed: bytes, *, preview: bool
    ) -> tuple[Properties, list]:
        given = GIVEN[_known_type(urn)]
        failures = [(key, f'unknown property "{key}"') for key in news if key != given]
        if given not in news:
            failures.append((given, f'missing required property "{given}"'))
        return dict(news), failures

    def diff(
        self, urn: str, id: str, old_inputs: Properties, old_outputs: Properties, news: Properties, *_: Any, **__: Any
    ) -> Difference:
        given = GIVEN[_known_type(urn)]
        if equal(old_inputs.get(given), news.get(given)):
            return Difference("none")
        replaces = [given] if urns.type_of(urn) == STACK_REFERENCE else []
        return Difference("some", replaces, [given])

    def create(self, urn: str, inputs: Properties, timeout: float, *, preview: bool) -> Found:
        ident = "" if preview else str(uuid.uuid4())
        if _known_type(urn) == STASH:
            return Found(ident, {"input": inputs["input"], "output": inputs["input"]})
        return Found(ident, self._reference(inputs))

    def update(
        self, urn: str, id: str, old_inputs: Properties, old_outputs: Properties, news: Properties, *_: Any, **__: Any
    ) -> Found:
        return Found(id, {"input": news["input"], "output": old_outputs.get("output")})

    def delete(self, urn: str, id: str, inputs: Properties, outputs: Properties, timeout: float) -> None:
        pass

    def read(self, urn: str, id: str, inputs: Properties | None, state: Properties | None, timeout: float) -> Found:
        if not inputs:
            raise ProviderError(f"{urns.type_of(urn)} can not be imported")
        if _known_type(urn) == STASH:
            return Found(id, state or {}, inputs)
        return Found(id, self._reference(inputs), inputs)

    def _reference(self, inputs: Properties) -> Properties:
        outputs = self._outputs_of(inputs["name"])
        secret = sorted(name for name, value in outputs.items() if has_secret(value))
        return {"name": inputs["name"], "outputs": outputs, "secretOutputNames": secret}

    def invoke(self, token: str, args: Properties, *, preview: bool) -> tuple[Properties, list]:
        if token == "pulumi:pulumi:getResource":
            found = self._find(args["urn"])
            if found is None:
                raise ProviderError(f"unknown resource {args['urn']}")
            return {"urn": args["urn"], "id": found.id, "provider": found.provider, "state": found.outputs}, []
        if token == "pulumi:pulumi:readStackOutputs":
            return self._reference(args), []
        raise ProviderError(f"unrecognized function name: '{token}'")


def _known_type(urn: str) -> str:
    type = urns.type_of(urn)
    if type not in GIVEN:
        raise ProviderError(f"unrecognized resource type '{type}'")
    return type
