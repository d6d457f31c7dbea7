"""What a rule is: declared once, with its severity, its reason, its fix, the properties it reads, and a function."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from trifold.policy.resource import Hidden, Preview, Resource
from trifold.policy.settings import Settings

SEVERITIES: Final = ("low", "medium", "high", "critical")


@dataclass(frozen=True)
class Said:
    """What a rule found at one property. unsure: it cannot be told before the resource is up: no pass, no failure."""

    path: str
    text: str
    unsure: bool = False


@dataclass(frozen=True)
class Context:
    """What a rule may look at besides its resource: the whole preview, and what policy.yaml says."""

    preview: Preview
    settings: Settings


Check = Callable[[Resource, Context], Iterable[Said]]


@dataclass(frozen=True)
class Rule:
    """One rule. reads: type -> the properties looked at; whole: it looks at other resources
    too; everywhere: it looks at types that are not in `reads` as well.

    reason: why it matters; pages: the vendors' own words on it; fix: which argument to set; also: what other tools call
    the same rule.
    """

    id: str
    severity: str
    title: str
    reason: str
    fix: str
    pages: tuple[str, ...]
    reads: Mapping[str, tuple[str, ...]]
    check: Check
    also: tuple[str, ...] = ()
    whole: bool = False
    everywhere: bool = False

    @property
    def clouds(self) -> tuple[str, ...]:
        """The packages of the types it looks at."""
        return tuple(sorted({type.partition(":")[0] for type in self.reads} - {"trifold"}))

    def __call__(self, resource: Resource, context: Context) -> Iterator[Said]:
        yield from self.check(resource, context)


@dataclass(frozen=True)
class Want:
    """What one property must be. given: what counts where the program does not say, which is the provider's default."""

    path: str
    good: Callable[[Any], bool]
    text: str
    given: Any = None

    def __call__(self, resource: Resource) -> Iterator[Said]:
        for path, value in resource.each(self.path):
            yield from judged(path, self.given if value is None else value, self.good, self.text)


def judged(path: str, value: Any, good: Callable[[Any], bool], text: str) -> Iterator[Said]:
    """What there is to say of one value: nothing, that it is wrong, or that nobody can tell yet."""
    if isinstance(value, Hidden):
        yield unsure(path, value)
    elif not good(value):
        yield Said(path, text)


def unsure(path: str, value: Hidden) -> Said:
    why = "is a secret and not looked into" if value.why == "secret" else "is not known before it is up"
    return Said(path, f"cannot tell: {path} {why}", unsure=True)


def wants(table: Mapping[str, tuple[Want, ...]]) -> Check:
    """A check that holds each resource to its type's line of a table."""

    def check(resource: Resource, _context: Context) -> Iterator[Said]:
        for want in table.get(resource.type, ()):
            yield from want(resource)

    return check


def reads(table: Mapping[str, tuple[Want, ...]]) -> dict[str, tuple[str, ...]]:
    """The properties that a table of wants looks at."""
    return {type: tuple(want.path for want in line) for type, line in table.items()}


def is_true(value: Any) -> bool:
    return value is True or value == "true"


def is_false(value: Any) -> bool:
    return value is False or value == "false"


def is_set(value: Any) -> bool:
    return value not in (None, "", [], {})


def one_of(*allowed: Any) -> Callable[[Any], bool]:
    """Equal to one of these, whatever the case of the letters."""
    known = {str(one).lower() for one in allowed}
    return lambda value: str(value).lower() in known
