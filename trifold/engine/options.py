"""What a run is asked to do, as the command line's flags say it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field


class Names:
    """A choice of URNs, some with `*` (any characters but `:`) and `**` (any characters); grows by dependents."""

    def __init__(self, patterns: Sequence[str] = ()) -> None:
        self.literals = [one for one in patterns if "*" not in one]
        self._exact = set(self.literals)
        self._globs = [_glob(one) for one in patterns if "*" in one]

    @property
    def given(self) -> bool:
        """Whether any was named; if not, all are meant."""
        return bool(self._exact or self._globs)

    def __contains__(self, urn: str) -> bool:
        return urn in self._exact or any(glob.fullmatch(urn) for glob in self._globs)

    def add(self, urn: str) -> None:
        self._exact.add(urn)

    def copy(self) -> "Names":
        made = Names()
        made.literals, made._exact, made._globs = list(self.literals), set(self._exact), list(self._globs)
        return made


def _glob(pattern: str) -> re.Pattern[str]:
    parts = re.split(r"(\*\*|\*)", pattern)
    kinds = {"**": ".*", "*": "[^:]*"}
    return re.compile("".join(kinds.get(part, re.escape(part)) for part in parts), re.DOTALL)


@dataclass(frozen=True)
class Options:
    """verb: "up", "refresh" or "destroy"; preview: only show what it would do; run_program: for the last two too."""

    verb: str
    preview: bool = False
    parallel: int = 16
    refresh: bool = False
    targets: Names = field(default_factory=Names)
    target_dependents: bool = False
    excludes: Names = field(default_factory=Names)
    exclude_dependents: bool = False
    replace: Names = field(default_factory=Names)
    continue_on_error: bool = False
    expect_no_changes: bool = False
    ignore_protect: bool = False
    run_program: bool = False

    @property
    def runs_program(self) -> bool:
        """Whether the program is run."""
        return self.verb == "up" or self.run_program
