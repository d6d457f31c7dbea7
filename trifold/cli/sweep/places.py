"""Which accounts are swept: those that the project's stack files pin, and what the stacks of their backend hold."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trifold.errors import UserError

if TYPE_CHECKING:
    from trifold.engine.project import Project
    from trifold.sweep.thing import Place, Stack

CLOUDS = ("aws", "azure", "gcp")


@dataclass(frozen=True)
class Question:
    """One account and region, and the project whose tags are looked for. local: of the local clouds."""

    place: "Place"
    project: "Project"
    local: bool

    @property
    def backend(self) -> str:
        """Where the stacks are, as messages name it."""
        from trifold.cli.sweep.stacks import address

        return address(self.project, self.local)

    def stacks(self) -> list["Stack"]:
        """The stacks that the backend knows, with what each holds."""
        from trifold.cli.sweep.stacks import known

        return known(self.project, self.local)

    def entered(self) -> AbstractContextManager[None]:
        """A local account is asked in the local environment; every other one with the shell's own credentials."""
        from trifold.cli.doctor import environment
        from trifold.sweep.thing import asked_of

        return environment(asked_of(self.place))


def questions(cloud: str, stacks: list[str], account: str, region: str, folder: str) -> list[Question]:
    """Each account and region once. UserError where there is none."""
    from infra.tags import value
    from trifold.cli.doctor import is_local
    from trifold.engine.project import find_project

    if cloud and cloud not in CLOUDS:
        raise UserError(f"'{cloud}' is no cloud", next=f"one of {', '.join(CLOUDS)}")
    project = find_project(Path(folder).resolve())
    pinned = list(dict.fromkeys(_pinned(project, stacks)))
    found = [one for one in pinned if cloud in ("", one[0]) and account in ("", one[1]) and region in ("", one[2])]
    if not found and cloud and account and region:
        found = [(cloud, account, region)]
    if not found:
        raise UserError(
            f"no stack file pins {account or 'an account'} {f'of {cloud}' if cloud else ''}".rstrip(),
            where=str(project.stack_folder),
            next="trifold sweep CLOUD --account ACCOUNT --region REGION",
        )
    wanted = tuple(value(one) for one in stacks)
    return [Question(_place(project, *one, wanted), project, is_local(one[0], one[1])) for one in found]


def _place(project: "Project", cloud: str, account: str, region: str, stacks: tuple[str, ...]) -> "Place":
    from infra.naming import RULES, Names
    from infra.tags import value
    from trifold.sweep.thing import Place

    def name_of(stack: str, kind: str) -> str:
        return Names(cloud, project.name, stack, account, region)(kind) if kind in RULES[cloud] else ""

    return Place(cloud, account, region, value(project.name), stacks, name_of)


def _pinned(project: "Project", stacks: list[str]) -> Iterator[tuple[str, str, str]]:
    """(cloud, account, region) of each stack file; of the named ones, if they have any: a forgotten stack may not."""
    files = {file.name[len("Pulumi.") : -len(".yaml")]: file for file in project.stack_folder.glob("Pulumi.*.yaml")}
    named = {name: files[name] for name in stacks if name in files} or files
    for name in sorted(named):
        yield from _of(_configuration(project.name, named[name]))


def _configuration(project: str, file: Path) -> Mapping[str, Any]:
    import yaml

    found = (yaml.safe_load(file.read_text()) or {}).get("config") or {}
    return {key if ":" in key else f"{project}:{key}": found[key] for key in found}


def _of(configuration: Mapping[str, Any]) -> Iterable[tuple[str, str, str]]:
    from infra.offers import OFFERS

    cloud, account = (str(configuration.get(f"trifold:{key}") or "") for key in ("cloud", "account"))
    region = str(configuration.get(OFFERS[cloud].region_key) or "") if cloud in OFFERS else ""
    return [(cloud, account, region)] if account and region else []
