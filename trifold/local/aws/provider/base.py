"""What the types here share beside trifold/local/resource.py: the vendor's "not found", and its spelling of things."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from trifold.local.aws.provider.session import Session
from trifold.protocol.declaration import Values


def gone(call: Callable[[], Any], *codes: str, word: str = "") -> Any:
    """What the call gives, or None where the vendor says "not found" by one of the codes (and the word, if given)."""
    from botocore.exceptions import ClientError

    try:
        return call()
    except ClientError as error:
        said = error.response["Error"]
        if said["Code"] in codes and word in said["Message"]:
            return None
        raise


def upper(value: Any) -> Any:
    """camelCase keys as the API's own; maps of free keys must not be passed."""
    if isinstance(value, Mapping):
        return {key[:1].upper() + key[1:]: upper(item) for key, item in value.items() if item is not None}
    return [upper(item) for item in value] if isinstance(value, list) else value


def lower(value: Any) -> Any:
    """The API's keys as camelCase."""
    if isinstance(value, Mapping):
        return {key[:1].lower() + key[1:]: lower(item) for key, item in value.items()}
    return [lower(item) for item in value] if isinstance(value, list) else value


def pairs(tags: Mapping[str, str], key: str = "Key", value: str = "Value") -> list[dict[str, str]]:
    """Tags as the API's list."""
    return [{key: name, value: text} for name, text in sorted(tags.items())]


def unpaired(tags: Iterable[Mapping[str, str]], key: str = "Key", value: str = "Value") -> dict[str, str]:
    return {tag[key]: tag[value] for tag in tags}


def tag_changes(session: Session, old: Values, new: Values) -> tuple[dict[str, str], list[str]]:
    """(to set, keys to remove), from the outputs before to the inputs now."""
    before, after = old.get("tagsAll") or session.tags(old), session.tags(new)
    return {k: v for k, v in after.items() if before.get(k) != v}, sorted(set(before) - set(after))
