"""Whose a thing is that bears a name of the stack: by its tags or labels. Shared by the three clouds."""

from collections.abc import Iterable, Iterator, Mapping

from trifold.doctor.checks import ERROR, Ask, Finding

# What to do about a name that kept data has.
KEEPING = "or bring it along as it is: docs/how-to/bring-your-own-foundation.md"


def own(ask: Ask, parts: Mapping[str, Iterable[Finding]]) -> list[Iterable[Finding]]:
    """The parts of the check, by kind of name, of what the stack makes itself."""
    return [found for kind, found in parts.items() if kind not in ask.others]


def is_own(ask: Ask, tags: Mapping[str, str] | None) -> bool:
    """Whether tags are those of the stack."""
    return all((tags or {}).get(key) == value for key, value in ask.tags.items())


def judged(ask: Ask, what: str, name: str, tags: Mapping[str, str] | None, remove: str) -> Iterator[Finding]:
    """A finding where a thing that is there is not the stack's. remove: the command that would free the name, which
    is not told of what a destroy left on purpose (infra/keeping.py)."""
    if is_own(ask, tags):
        return
    found = tags or {}
    owner = "/".join(filter(None, (found.get("project"), found.get("stack"))))
    held = f"stack {owner}" if owner else "something without this stack's tags"
    kept = found.get("on_destroy") == "keep"
    told, other = (", and is kept on purpose", KEEPING) if kept else ("", f"or free the name: {remove}")
    yield Finding("names", ERROR, f"the {what} {name} is there already, and belongs to {held}{told}", name,
                  f"{renaming(ask)}  # {other}")  # fmt: skip


# Of a bucket that is another's and of one that the caller may not see, vendors say the same: 403.
OR_HIDDEN = ", or may not be looked at by the caller"


def taken(ask: Ask, what: str, name: str, unsure: str = "") -> Finding:
    """A name that somebody else holds. unsure: what else the vendor's answer may mean."""
    return Finding("names", ERROR, f"the {what} name {name} is taken by another account{unsure}", name, renaming(ask))


def renaming(ask: Ask) -> str:
    """Names are made of project, stack, account and region: another stack name gives others."""
    return f"pulumi stack rename -s {ask.stack} {ask.stack}2"
