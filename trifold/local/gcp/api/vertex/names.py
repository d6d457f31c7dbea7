"""Resource names, identifiers and times as Vertex AI writes them: with the project's number, in one location."""

import re
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime

from trifold.local.gcp.api.errors import denied, invalid
from trifold.local.gcp.cloud import LOCATION, NUMBER, PROJECT

PARENT = f"projects/{NUMBER}/locations/{LOCATION}"
IDENT = re.compile(r"[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?")
ENDPOINT_IDENT = re.compile(r"[1-9][0-9]{0,9}")
LABEL = re.compile(r"[\w-]{0,63}")
ALIAS = re.compile(r"[a-z][a-zA-Z0-9-]{0,126}[a-z0-9]")


def check_parent(path: Mapping[str, str]) -> None:
    """Raises Google's answers for another project or another location."""
    if path["projectsId"] not in (PROJECT, NUMBER):
        resource = f"//aiplatform.googleapis.com/projects/{path['projectsId']}/locations/{path['locationsId']}"
        raise denied("aiplatform.locations.get", resource)
    if path["locationsId"] != LOCATION:
        raise invalid(f"Unsupported region for Vertex AI, select from ['{LOCATION}'].")


def local(name: str) -> str:
    """A resource name with the project by number, so that both spellings are one."""
    return name.replace(f"projects/{PROJECT}/", f"projects/{NUMBER}/", 1)


def new_id(digits: int = 19) -> str:
    """A number without a leading zero."""
    return str(secrets.randbelow(9 * 10 ** (digits - 1)) + 10 ** (digits - 1))


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def check_labels(labels: Mapping[str, str]) -> None:
    """At most 64, keys and values of at most 63 lower-case letters, digits, _ and -."""
    if len(labels) > 64:
        raise invalid("The number of labels must not exceed 64.")
    for key, value in labels.items():
        begins = key[:1].isalpha() and key == key.lower()
        if not begins or not LABEL.fullmatch(key) or not LABEL.fullmatch(value) or value != value.lower():
            rule = "Keys begin with a lower-case letter; both have at most 63 characters of a-z, 0-9, _ and -."
            raise invalid(f"Invalid label '{key}: {value}'. {rule}")


def check_display_name(name: str, what: str) -> None:
    if not name:
        raise invalid(
            f"The display name of the {what} is required.", (f"{what}.display_name", "Required field is not set.")
        )
    if len(name) > 128:
        raise invalid(f"The display name of the {what} can be up to 128 characters long.")
