"""The three words for a gap, and what each does to a test. The support matrix is made of them.

    @pytest.mark.notyet("reason", clouds=("gcp",))        we will; the test must fail until then
    @pytest.mark.notemulated("reason", clouds=("aws",))   the local cloud can't show it; skipped there
    @pytest.mark.never("reason", clouds=("azure",))       the cloud can't; skipped

Without `clouds` it holds for all.
"""

from dataclasses import dataclass

import pytest

WORDS = ("notyet", "notemulated", "never")


@dataclass(frozen=True)
class Gap:
    word: str
    reason: str


def cloud_of(item: pytest.Item) -> str:
    """The cloud a test runs on; "" for one that is about none."""
    return item.callspec.params.get("cloud", "") if hasattr(item, "callspec") else ""


def gap_of(item: pytest.Item) -> Gap | None:
    """The gap that is marked on a test for its cloud."""
    for word in WORDS:
        for mark in item.iter_markers(word):
            if cloud_of(item) in mark.kwargs.get("clouds", (cloud_of(item),)):
                return Gap(word, mark.args[0])
    return None


def apply(item: pytest.Item, *, live: bool = False) -> None:
    """Give a marked test pytest's own mark. live: on a real account, which can show what a local cloud can't."""
    gap = gap_of(item)
    if gap is None or (live and gap.word == "notemulated"):
        return
    told = f"{gap.word}: {gap.reason}"
    item.add_marker(pytest.mark.xfail(reason=told, strict=True) if gap.word == "notyet" else pytest.mark.skip(told))
