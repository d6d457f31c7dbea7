"""All rules: each other file of this folder is one subject, and its `RULES` are in this list."""

import importlib
import pkgutil
from functools import cache

from trifold.policy.rule import SEVERITIES, Rule


@cache
def all_rules() -> tuple[Rule, ...]:
    """The rules of every subject, the gravest first."""
    names = sorted(found.name for found in pkgutil.iter_modules(__path__))
    found = [rule for name in names for rule in importlib.import_module(f"{__name__}.{name}").RULES]
    return tuple(sorted(found, key=lambda rule: (-SEVERITIES.index(rule.severity), rule.id)))


def ids() -> frozenset[str]:
    """The names of all rules."""
    return frozenset(rule.id for rule in all_rules())
