"""A whole provider made of declarations: Check, Diff, previews, state keeping; a type is only its operations.

`DeclaredProvider` answers in plain Python values; `trifold.protocol.provider` puts it on the wire. It is shared by the
local clouds' providers and the kit's own plugin, and knows neither; replacement rules are passed in. What reads the
SDK's classes is imported at the first call, so that a plugin answers the engine at once.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from trifold.protocol.declaration import INTERNAL, Failure, Function, InvalidInputs, ResourceType, Values
from trifold.protocol.diff import Difference, Rules, compare
from trifold.protocol.naming import BRIDGED, CREATE_FIRST, DEFAULTS, Request, Style, fill_name, was_made
from trifold.protocol.values import UNKNOWN


def no_rules(token: str) -> Rules | None:
    """No type is covered: what a type says of itself (`ResourceType.replace`) is all there is."""
    return None


def unchanged(session: Any, inputs: Values) -> Values:
    """Inputs compared as they are."""
    return inputs


@dataclass(frozen=True)
class DeclaredProvider:
    """The provider's whole behaviour.

    make_session: provider inputs -> what the operations get as `session`, once a connection; it may raise
    InvalidInputs. configuration: the SDK's class of provider inputs ("module:Class") to check against.
    rules: token -> what replaces it, None if not covered. normalise: (session, inputs) -> inputs as they are compared
    (a region that equals the provider's, a location's spelling). title: what it calls itself when it refuses an input
    that the SDK has and a type's operations do not act on (`supported`, where they have it).
    """

    name: str
    version: str
    types: Iterable[ResourceType]
    make_session: Callable[[Values], Any]
    functions: Iterable[Function] = ()
    configuration: str = ""
    rules: Callable[[str], Rules | None] = no_rules
    normalise: Callable[[Any, Values], Values] = unchanged
    style: Style = BRIDGED
    schema: Callable[[], str] = str
    title: str = "this provider"
    _types: Mapping[str, ResourceType] = field(init=False, repr=False)
    _functions: Mapping[str, Function] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_types", {one.token: one for one in self.types})
        object.__setattr__(self, "_functions", {one.token: one for one in self.functions})

    def type(self, token: str) -> ResourceType:
        """The declaration of a type; InvalidInputs names one that is not served."""
        if token not in self._types:
            raise InvalidInputs(Failure("type", f"{token} is not served by this {self.name} provider"))
        return self._types[token]

    def check_config(self, inputs: Values) -> list[Failure]:
        """What is wrong with the provider's own inputs."""
        return _check(self.configuration, inputs) if self.configuration else []

    def check(self, session: Any, token: str, request: Request, olds: Values, news: Values) -> tuple[Values, list]:
        """The inputs with defaults and a name filled in, and all that is wrong with them."""
        declared = self.type(token)
        filled = self._with_defaults(session, declared, news)
        if declared.autoname:
            fill_name(declared.autoname, self.style, request, olds, filled)
        failures = _check(declared.arguments, filled)
        return filled, [*failures, *self._unserved(declared, filled, {failure.property for failure in failures})]

    def diff(self, session: Any, token: str, old: Values, new: Values) -> tuple[Difference, bool]:
        """The difference of two checked sets of inputs, and whether a replacement deletes first."""
        declared = self.type(token)
        old, new = self.normalise(session, dict(old)), self.normalise(session, dict(new))
        rules = Rules(declared.replace) if declared.replace is not None else self.rules(token)
        plain_old, plain_new = ({key: value for key, value in one.items() if key not in INTERNAL} for one in (old, new))
        difference = compare(plain_old, plain_new, rules)
        return difference, bool(difference.replacing) and self._deletes_first(declared, old, new)

    def preview_create(self, token: str, inputs: Values) -> Values:
        """The outputs of a create that has not happened: the inputs, and UNKNOWN for all else the class promises."""
        declared = self.type(token)
        from trifold.protocol.shapes import promises

        promised = promises(declared.arguments).always
        return {**dict.fromkeys(promised, UNKNOWN), **_without_internal(inputs)}

    def create(self, session: Any, token: str, inputs: Values) -> tuple[str, Values]:
        """Create; (id, outputs)."""
        return self.type(token).operations.create(session, _without_internal(inputs))

    def read(self, session: Any, token: str, id: str, inputs: Values) -> tuple[str, Values, Values] | None:
        """(id, inputs, outputs) as they are now, or None if it is gone. Without an id, by the inputs (see `find`)."""
        from trifold.protocol.project import project

        declared = self.type(token)
        known = _without_internal(inputs)
        wanted = id or self._find(session, declared, known)
        found = declared.operations.read(session, wanted, known) if wanted else None
        if not found:
            return None
        now = project(declared.arguments, found[1], known) if inputs else dict(found[1])
        return found[0], {**now, **_internal(inputs, self.style)}, found[2]

    def preview_update(self, token: str, outputs: Values, inputs: Values, old_inputs: Values) -> Values:
        """The outputs of an update that has not happened: what the type calls volatile is UNKNOWN."""
        kept = {key: value for key, value in outputs.items() if key in inputs or key not in old_inputs}
        unknown = dict.fromkeys(self.type(token).volatile, UNKNOWN)
        return {**kept, **_without_internal(inputs), **unknown}

    def update(self, session: Any, token: str, id: str, old: Values, inputs: Values) -> Values:
        """Update in place; the new outputs."""
        operation = getattr(self.type(token).operations, "update", None)
        if operation is None:
            raise InvalidInputs(
                Failure("type", f"{token} cannot be updated in place; rename the resource to replace it")
            )
        return operation(session, id, old, _without_internal(inputs))

    def delete(self, session: Any, token: str, id: str, outputs: Values) -> None:
        """Delete; something gone already is a success."""
        self.type(token).operations.delete(session, id, outputs)

    def invoke(self, session: Any, token: str, args: Values) -> Values:
        """Call a function; InvalidInputs names arguments that are unknown or missing."""
        function = self._functions.get(token)
        if function is None:
            raise InvalidInputs(Failure("token", f"{token} is not served by this {self.name} provider"))
        unknown = [Failure(name, f"is not an argument of {token}") for name in args if name not in function.arguments]
        missing = [Failure(name, "is required and missing") for name in function.required if args.get(name) is None]
        if unknown or missing:
            raise InvalidInputs(*unknown, *missing)
        return function.call(session, args)

    def _unserved(self, declared: ResourceType, inputs: Values, known: set[str]) -> list[Failure]:
        supported = getattr(declared.operations, "supported", None)
        if supported is None:
            return []
        others = (name for name, value in inputs.items() if value is not None and name not in {*supported, *INTERNAL})
        return [Failure(name, f"is not served by {self.title}") for name in others if name not in known]

    def _with_defaults(self, session: Any, declared: ResourceType, news: Values) -> Values:
        filled = {key: value for key, value in news.items() if key not in INTERNAL}
        made = []
        for name, default in declared.defaults.items():
            value = default(session, filled) if callable(default) else default
            if filled.get(name) is None and value is not None:
                filled[name] = value
                made.append(name)
        if not self.style.native:
            filled[DEFAULTS] = sorted(made)
        return filled

    def _deletes_first(self, declared: ResourceType, old: Values, new: Values) -> bool:
        """Delete before create where the old and the new object cannot stand side by side (facts: meta.general)."""
        if declared.delete_first is not None:
            return declared.delete_first
        if self.style.native:
            return not new.get(CREATE_FIRST)
        rule = declared.autoname
        if rule is None or was_made(rule, self.style, new):
            return False
        return all(old.get(name) == new.get(name) for name in rule.unique_with)

    def _find(self, session: Any, declared: ResourceType, inputs: Values) -> str | None:
        find = getattr(declared.operations, "find", None)
        return find(session, inputs) if find else None


def _check(arguments: str, inputs: Values) -> list[Failure]:
    from trifold.protocol.check import check_inputs

    return check_inputs(arguments, inputs)


def _without_internal(inputs: Mapping[str, Any]) -> Values:
    return {key: value for key, value in inputs.items() if key not in INTERNAL}


def _internal(inputs: Mapping[str, Any], style: Style) -> Values:
    kept = {key: inputs[key] for key in INTERNAL if key in inputs}
    return kept if inputs or style.native else {DEFAULTS: []}
