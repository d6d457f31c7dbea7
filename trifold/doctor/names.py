"""Whose a thing is that bears a name of the stack: by its tags or labels. Shared by the three clouds."""

from collections.abc import Iterator, Mapping

from trifold.doctor.checks import ERROR, Ask, Finding


def is_own(ask: Ask, tags: Mapping[str, str] | None) -> bool:
    """Whether tags are those of the stack."""
    return all((tags or {}).get(key) == value for key, value in ask.tags.items())


def judged(ask: Ask, what: str, name: str, tags: Mapping[str, str] | None, remove: str) -> Iterator[Finding]:
    """A finding where a thing that is there is not the stack's. remove: the command that would free the name."""
    if not is_own(ask, tags):
        owner = "/".join(filter(None, ((tags or {}).get("project"), (tags or {}).get("stack"))))
        held = f"stack {owner}" if owner else "something without this stack's tags"
        yield Finding("names", ERROR, f"the {what} {name} is there already, and belongs to {held}", name,
                      f"{renaming(ask)}  # or free the name: {remove}")  # fmt: skip


# Of a bucket that is another's and of one that the caller may not see, vendors say the same: 403.
OR_HIDDEN = ", or may not be looked at by the caller"


def taken(ask: Ask, what: str, name: str, unsure: str = "") -> Finding:
    """A name that somebody else holds. unsure: what else the vendor's answer may mean."""
    return Finding("names", ERROR, f"the {what} name {name} is taken by another account{unsure}", name, renaming(ask))


def renaming(ask: Ask) -> str:
    """Names are made of project, stack, account and region: another stack name gives others."""
    return f"pulumi stack rename -s {ask.stack} {ask.stack}2"
