"""What replaces a resource, from the facts' records: the same for every local provider."""

from trifold.facts import replacement
from trifold.protocol.diff import Rules


def rules(token: str) -> Rules | None:
    """The rules of a type; None where the facts do not cover it."""
    record = replacement(token)
    if record is None:
        return None
    unread = dict.fromkeys(record.not_settled, "the facts do not settle whether this replaces")
    return Rules(record.replace, record.replace_on_add_remove, {**unread, **(record.conditional or {})})
