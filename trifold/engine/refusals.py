"""What this engine does not do, each by name: the one list that errors are raised from and the support page is made of.

A refusal comes before anything is changed. `{...}` in a message is filled in where it is raised.
"""

from dataclasses import dataclass
from typing import Any, Final

from trifold.errors import UserError

PULUMI: Final = "use `pulumi`"


@dataclass(frozen=True)
class Refusal:
    """feature: its name in the documentation; what: the message; next: what the user can do instead."""

    feature: str
    what: str
    next: str = PULUMI


REFUSALS: Final[dict[str, Refusal]] = {
    "backend": Refusal(
        "backends other than `file://`",
        "the backend {scheme}://... is not supported: this engine keeps state in files only",
        "set PULUMI_BACKEND_URL=file://FOLDER, or use `pulumi`",
    ),
    "compressed": Refusal(
        "compressed state files", "the state file is compressed, which this engine does not read", PULUMI
    ),
    "layout": Refusal(
        "backends of the older layout (version 0)",
        "the backend's layout is not version 1",
        "use `pulumi state upgrade`",
    ),
    "secrets provider": Refusal(
        "secrets providers other than `passphrase`",
        "the secrets provider '{name}' is not supported by this engine; only 'passphrase' is",
    ),
    "environments": Refusal("environments (ESC)", "environments (ESC) are not supported by this engine"),
    "encrypted key": Refusal(
        "stack files with an `encryptedkey`",
        "secrets providers other than passphrase are not supported by this engine",
    ),
    "runtime": Refusal(
        "runtimes other than `python`",
        "the runtime '{name}' is not supported: this engine runs Python programs only",
        "use `pulumi` for programs in other languages",
    ),
    "plugins": Refusal("`plugins.analyzers`, `plugins.languages`", "plugins.{kind} is not supported by this engine"),
    "remote component": Refusal(
        "remote components (`remote=True`)",
        "remote components are not supported by this engine: {type} '{name}'",
    ),
    "method": Refusal(
        "methods of remote components", "methods of remote components ({token}) are not supported by this engine"
    ),
    "parameterized provider": Refusal(
        "parameterized providers", "the parameterized provider '{name}' is not supported by this engine"
    ),
    "state content": Refusal(
        "state files with `snippets` or `extensions`", "the state uses {key}, which this engine does not support"
    ),
    "state migrations": Refusal("state migrations", "state migrations are not supported by this engine"),
    "environment mappings": Refusal(
        "environment variable mappings of providers that are not attached",
        "environment variable mappings of providers are not supported by this engine",
    ),
    "remote asset": Refusal("remote assets", "remote assets are not supported by this engine"),
    "remote archive": Refusal("remote archives", "remote archives are not supported by this engine"),
    "nested archive": Refusal(
        "archive files within an archive",
        "an archive file within an archive is not supported by this engine",
        "name the folder that it was made of",
    ),
    "flag": Refusal("flags, see below", "{flag} is not supported by this engine: {why}"),
    "command": Refusal("commands, see below", "`{command}` is not supported by this engine: {why}"),
}


def refusal(key: str, where: str = "", /, **values: Any) -> UserError:
    """The error that refuses a feature; to be raised."""
    found = REFUSALS[key]
    return UserError(found.what.format(**values), where=where, next=found.next)
