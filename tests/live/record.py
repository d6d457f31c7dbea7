"""What a run leaves: plain data, kept as JSON beside the page that is made of it, under docs/live/."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "live"
NAME = re.compile(r"\d{4}-\d\d-\d\d-(aws|azure|gcp)(-\d+)?\.json")


@dataclass(frozen=True)
class Step:
    """One part of a run. seconds: how long; why: what went wrong, or ""."""

    name: str
    seconds: float
    why: str = ""


@dataclass(frozen=True)
class Tried:
    """One test. outcome: passed, failed, gap (with the mark's word in `why`), or left out."""

    id: str
    outcome: str
    seconds: float = 0.0
    why: str = ""


@dataclass(frozen=True)
class Found:
    """One finding of the doctor's that is not ok."""

    severity: str
    check: str
    what: str


@dataclass(frozen=True)
class Money:
    """US dollars by the price list. hourly: with autoscaling at its maximum; hours: that the stack was up; allowed:
    MAX_USD; unknown: the lines that have no price."""

    hourly: float
    hours: float
    allowed: float
    unknown: tuple[str, ...] = ()

    @property
    def dollars(self) -> float:
        return self.hourly * self.hours


@dataclass(frozen=True)
class Record:
    """One run. day: YYYY-MM-DD, of its start, UTC. account: whose, "a real one" or "a local cloud": never its id.
    versions: of what ran; resources: type -> how many were up. tests, local: the same tests on the account and on the
    local cloud. leaked: what a sweep found after the destroy; left: what was there when all was done, None where the
    account could not be asked; held: names that the cloud keeps of what is deleted."""

    day: str
    cloud: str
    region: str
    account: str
    versions: Mapping[str, str]
    money: Money
    steps: tuple[Step, ...]
    findings: tuple[Found, ...] = ()
    resources: Mapping[str, int] = field(default_factory=dict)
    tests: tuple[Tried, ...] = ()
    local: tuple[Tried, ...] = ()
    leaked: tuple[str, ...] = ()
    left: tuple[str, ...] | None = ()
    held: tuple[str, ...] = ()

    @property
    def real(self) -> bool:
        return self.account == REAL

    @property
    def passed(self) -> bool:
        """Whether all went well, and the account is empty again."""
        failed = any(one.outcome == "failed" for one in self.tests) or any(one.why for one in self.steps)
        return bool(self.tests) and not failed and not self.leaked and self.left == ()


REAL, LOCAL = "a real one", "a local cloud"


def to_json(record: Record) -> str:
    return json.dumps(asdict(record), indent=1) + "\n"


def from_json(text: str) -> Record:
    """The record in a file's text; ValueError or KeyError for another's."""
    found: dict[str, Any] = json.loads(text)
    lists = {"steps": Step, "findings": Found, "tests": Tried, "local": Tried}
    made = {name: tuple(type(**one) for one in found[name]) for name, type in lists.items()}
    money = {**found["money"], "unknown": tuple(found["money"]["unknown"])}
    left = None if found["left"] is None else tuple(found["left"])
    texts = {name: tuple(found[name]) for name in ("leaked", "held")}
    return Record(**{**found, **made, **texts, "money": Money(**money), "left": left})


def kept(folder: Path = FOLDER) -> list[tuple[str, Record]]:
    """(name of the file, record) of each run on a real account, oldest first."""
    files = [one for one in folder.glob("*.json") if NAME.fullmatch(one.name)] if folder.is_dir() else []
    files.sort(key=lambda one: (one.name[:10], len(one.name), one.name))  # the second of a day after the first
    found = [(one.stem, from_json(one.read_text())) for one in files]
    return [(name, one) for name, one in found if one.real]


def shown(records: Iterable[tuple[str, Record]]) -> dict[tuple[str, str], str]:
    """(test, cloud) -> the day on which it last passed on a real account; a later failure takes it away."""
    days: dict[tuple[str, str], str] = {}
    for _, record in records:
        for one in record.tests:
            key = (plain(one.id), record.cloud)
            days.pop(key, None)
            if one.outcome == "passed":
                days[key] = record.day
    return days


def plain(id: str) -> str:
    """A test's id without its parameters: the same on all clouds."""
    return id.partition("[")[0]


def write(record: Record, page: str, folder: Path = FOLDER) -> Path:
    """Write both files; the page's. A second run of a day gets a number."""
    folder.mkdir(parents=True, exist_ok=True)
    base, number = f"{record.day}-{record.cloud}", 1
    while (folder / f"{base}{_numbered(number)}.json").exists():
        number += 1
    file = folder / f"{base}{_numbered(number)}.json"
    file.write_text(to_json(record))
    file.with_suffix(".md").write_text(page)
    return file.with_suffix(".md")


def _numbered(number: int) -> str:
    return "" if number == 1 else f"-{number}"
