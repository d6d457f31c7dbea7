"""One place swept: who am I, what is there, what is removed, in which order."""

import importlib
from collections.abc import Callable, Sequence
from typing import TypeVar

from trifold.doctor.checks import NoCredentials, Unknown
from trifold.errors import UserError
from trifold.sweep.judge import Verdict
from trifold.sweep.thing import Place, Sweeper, Thing

Tell = Callable[[str], None]
Answer = TypeVar("Answer")


def open_place(place: Place) -> Sweeper:
    """The cloud of a place, once its credentials are known to be of the pinned account. UserError for any other."""
    cloud: Sweeper = importlib.import_module(f"trifold.sweep.{place.cloud}").Cloud(place)
    who = _told(place, cloud.account)
    if who.lower() != place.account.lower():
        raise UserError(
            f"the credentials are of {who}, and {place.account} is to be swept; nothing was looked at",
            where=place.cloud,
            next=f"sign in to {place.account}, or sweep the other: --account {who}",
        )
    return cloud


def found_in(place: Place, cloud: Sweeper) -> list[Thing]:
    """All that carries the tags. UserError where the account can't be asked: half a list is none."""
    return _told(place, lambda: list(cloud.find()))


def remove(cloud: Sweeper, going: Sequence[Verdict], purge: bool, tell: Tell = lambda text: None) -> dict[str, str]:
    """What was not removed, by id, and why; what needs others goes before them, and one failure stops no other."""
    failed: dict[str, str] = {}
    for one in sorted(going, key=lambda verdict: cloud.order(verdict.thing)):
        if cloud.order(one.thing) < 0:
            failed[one.thing.id] = one.thing.note or "the kit does not make such things, and does not remove them"
            continue
        tell(f"removing {one.thing.name}")
        try:
            cloud.remove(one.thing, purge)
        except Exception as error:  # the vendor's own words, whatever class its SDK raises
            failed[one.thing.id] = str(error).strip().partition("\n")[0]
    return failed


def _told(place: Place, ask: Callable[[], Answer]) -> Answer:
    try:
        return ask()
    except NoCredentials as error:
        raise UserError(f"nobody is signed in: {error}", where=place.cloud, next=error.mend) from None
    except Unknown as error:
        raise UserError(str(error), where=f"{place.cloud}, {place.account}", next=error.mend) from None
