"""Runs a cloud's checks: who it is first, since another account's answers mean nothing; then all side by side."""

import importlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from trifold.doctor.checks import CHECKS, ERROR, OK, UNKNOWN, Ask, Check, Finding, NoCredentials, apart

Progress = Callable[[str], None]
TITLES = {check.id: check.title for check in CHECKS}


def examine(ask: Ask, started: Progress = lambda id: None, ended: Progress = lambda id: None) -> list[Finding]:
    """All findings, in the order of CHECKS, at least one a check. started, ended: are told each check's id."""
    cloud = importlib.import_module(f"trifold.doctor.{ask.cloud}")
    client = cloud.Client(ask)
    first, *rest = CHECKS

    def made(check: Check) -> list[Finding]:
        started(check.id)
        try:
            return found_by(check.id, cloud, client, ask)
        finally:
            ended(check.id)

    known = made(first)
    if any(one.severity != OK for one in known):
        why = "not asked: what another account answers says nothing about this stack"
        return [*known, *(Finding(check.id, UNKNOWN, why) for check in rest)]
    with ThreadPoolExecutor(len(rest)) as pool:
        return [*known, *(finding for found in pool.map(made, rest) for finding in found)]


def found_by(id: str, cloud: Any, client: Any, ask: Ask) -> list[Finding]:
    """One check's findings; what kept it from being made is a finding too. cloud: the module; client: its Client."""
    if id in ask.untold:
        return [Finding(id, UNKNOWN, ask.untold[id])]
    try:
        found = list(apart(client, id, getattr(cloud, id)(client, ask)))
    except NoCredentials as error:
        found = [Finding(id, ERROR, f"nobody is signed in: {error}", mend=error.mend)]
    return found or [Finding(id, OK, TITLES[id])]
