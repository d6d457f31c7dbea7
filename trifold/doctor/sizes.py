"""Regions, instance types and quotas: the findings in words, shared by the three clouds."""

import difflib
from collections.abc import Collection, Iterator

from trifold.doctor.checks import ERROR, Ask, Finding


def no_region(ask: Ask, regions: Collection[str]) -> Finding:
    """The vendor has no such region, or not this service in it."""
    near = _near(ask.region, sorted(regions)) or "REGION"
    return Finding("placement", ERROR, f"there is no region {ask.region} for it", ask.file,
                   ask.sets(ask.region_key, near))  # fmt: skip


def not_offered(ask: Ask, offered: Collection[str]) -> Iterator[Finding]:
    """A finding for each instance type that is not among those offered; suggests one the kit knows that is."""
    for size in ask.sizes:
        if size.lower() not in {one.lower() for one in offered}:
            near = _near(size, [one for one in ask.offered if one in offered] or list(offered)) or "SIZE"
            yield Finding("placement", ERROR, f"{size} is not offered in {ask.region}", ask.file,
                          ask.sets("trifold:size", near))  # fmt: skip


def short(ask: Ask, what: str, limit: float, wanted: float, unit: str, mend: str) -> Finding:
    """A quota below what the stack asks."""
    return Finding("quota", ERROR, f"the quota of {what} in {ask.region} is {limit:g} {unit}, and the stack asks for "
                   f"{wanted:g}", ask.account, mend)  # fmt: skip


def _near(wanted: str, known: list[str]) -> str:
    return (difflib.get_close_matches(wanted, known, n=1, cutoff=0.0) or [""])[0]
