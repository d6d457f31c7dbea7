"""A stack's state out of the backend and back in: `stack export` and `stack import`."""

import json
from typing import Any

from trifold.engine import checkpoint, go_json
from trifold.engine.stack import Stack
from trifold.engine.state import Decrypt, inside
from trifold.errors import UserError
from trifold.protocol.values import SECRET, SIGNATURE


def revealed(value: Any, decrypt: Decrypt) -> Any:
    """The JSON of a state with its secrets in plain text, as Pulumi writes them with --show-secrets."""
    if isinstance(value, list):
        return [revealed(item, decrypt) for item in value]
    if not isinstance(value, dict):
        return value
    if value.get(SIGNATURE) == SECRET and "ciphertext" in value:
        plain = revealed(decrypt(value["ciphertext"]), inside(decrypt))
        return {SIGNATURE: SECRET, "plaintext": go_json.dumps(plain)}
    return {key: revealed(item, decrypt) for key, item in value.items()}


def take_in(stack: Stack, text: str, *, force: bool = False) -> None:
    """Make an exported deployment the stack's state. UserError if it is damaged, or another stack's."""
    try:
        found = json.loads(text)
        wrapped = {"version": found["version"], "checkpoint": {"latest": found["deployment"]}}
    except (ValueError, KeyError, TypeError) as error:
        raise UserError("the text is not an exported deployment", where=str(error)) from error
    checked = checkpoint.parse(json.dumps(wrapped), "the imported deployment")
    salt = checkpoint.secrets_salt(checked, "the imported deployment")
    snapshot = checkpoint.load(checked, stack._decrypter(salt), "the imported deployment")
    from trifold.engine import urn as urns

    for resource in snapshot.resources:
        if urns.stack(resource.urn) != stack.name and not force:
            raise UserError(
                f"resource '{resource.urn}' is of another stack than '{stack.name}'",
                next="--force takes it all the same",
            )
    with stack.files.locked():
        stack.files.back_up()
        stack.files.save(checkpoint.dump(stack.files.full_name, snapshot, stack.secrets))
        stack.files.journal.unlink(missing_ok=True)
