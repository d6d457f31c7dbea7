"""Pulumi.yaml: what the project is called, where its program is, which Python runs it, which plugins it brings."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from trifold.engine.refusals import refusal
from trifold.errors import UserError

FILES = ("Pulumi.yaml", "Pulumi.yml", "Pulumi.json")


@dataclass(frozen=True)
class Project:
    """A project. folder: where Pulumi.yaml is; program: the folder or file to run; virtualenv: "" for Python on PATH.

    plugins: provider name -> the folder that holds its executable. config: the project's own defaults.
    """

    name: str
    folder: Path
    file: Path
    program: Path
    stack_folder: Path
    virtualenv: str = ""
    backend: str = ""
    plugins: Mapping[str, Path] = field(default_factory=dict)
    config: Mapping[str, Any] = field(default_factory=dict)
    always_refresh: bool = False

    @property
    def program_folder(self) -> Path:
        """Where the program runs, and relative paths start."""
        return self.program if self.program.is_dir() else self.program.parent


def find_project(start: Path) -> Project:
    """The project of the folder or the nearest one above. UserError where there is none, or it cannot run here."""
    for folder in (start, *start.parents):
        for name in FILES:
            if (folder / name).is_file():
                return load_project(folder / name)
    raise UserError(
        "no Pulumi.yaml project file found",
        where=f"{start} and the folders above it",
        next="run this inside a Pulumi project, or give its folder with -C",
    )


def load_project(file: Path) -> Project:
    """Read a project file. UserError names what in it is wrong or not supported."""
    found = read_yaml(file)
    if not isinstance(found.get("name"), str):
        raise UserError("the project has no name", where=str(file), next="add `name: ...`")
    options = _runtime_options(found, file)
    folder = file.parent
    return Project(
        name=found["name"],
        folder=folder,
        file=file,
        program=folder / str(found.get("main") or "."),
        stack_folder=folder / str(found.get("stackConfigDir") or _old_config_folder(found) or "."),
        virtualenv=str(options.get("virtualenv") or ""),
        backend=str((found.get("backend") or {}).get("url") or ""),
        plugins=_plugins(found, folder, file),
        config=_map(found.get("config")),
        always_refresh=(found.get("options") or {}).get("refresh") == "always",
    )


def read_yaml(file: Path) -> dict[str, Any]:
    """A YAML (or JSON) file that holds a map. UserError if it does not."""
    import yaml

    try:
        found = yaml.load(file.read_text(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise UserError("the file cannot be read", where=f"{file}: {error}") from error
    if not isinstance(found or {}, dict):
        raise UserError("the file does not hold a map", where=str(file))
    return found or {}


def _runtime_options(found: Mapping[str, Any], file: Path) -> Mapping[str, Any]:
    runtime = found.get("runtime")
    name = runtime.get("name") if isinstance(runtime, dict) else runtime
    if name != "python":
        raise refusal("runtime", str(file), name=name)
    return (runtime.get("options") or {}) if isinstance(runtime, dict) else {}


def _map(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _old_config_folder(found: Mapping[str, Any]) -> str:
    """Where `config` is text, it is the older spelling of stackConfigDir."""
    return found["config"] if isinstance(found.get("config"), str) else ""


def _plugins(found: Mapping[str, Any], folder: Path, file: Path) -> dict[str, Path]:
    plugins = found.get("plugins") or {}
    for kind in ("analyzers", "languages"):
        if plugins.get(kind):
            raise refusal("plugins", str(file), kind=kind)
    return {one["name"]: folder / one["path"] for one in plugins.get("providers") or []}
