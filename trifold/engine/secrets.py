"""Passphrase secrets as Pulumi keeps them: AES-256-GCM with a key that PBKDF2 makes from the passphrase and a salt.

The key takes a third of a second to make; it is made in the background, and waited for where it is needed.
"""

import base64
import functools
import getpass
import hashlib
import json
import os
import sys
import threading
from collections.abc import Mapping
from concurrent.futures import Future
from pathlib import Path
from typing import Any, Final

from trifold.engine import go_json
from trifold.errors import UserError

ITERATIONS: Final = 1_000_000
CHECK: Final = "pulumi"


class Passphrase:
    """Encrypts and decrypts for one stack. `salt` is its public part, as the config file and the state hold it."""

    def __init__(self, phrase: str, salt: str = "") -> None:
        """With a salt, opens it; without, makes a new one (which waits for the key)."""
        self._raw = base64.b64decode(_split(salt)[1]) if salt else os.urandom(8)
        self._phrase, self._given = phrase, salt
        self._made: Future[Any] = Future()
        self._begun = False
        self._lock = threading.Lock()
        self._known: dict[str, str] = {}
        self.salt = salt or f"v1:{base64.b64encode(self._raw).decode()}:{self.encrypt_text(CHECK)}"

    def begin(self) -> "Passphrase":
        """Begin to make the key, which takes a while, in the background."""
        with self._lock:
            if not self._begun:
                self._begun = True
                threading.Thread(target=self._derive, args=(self._phrase, self._given)).start()
        return self

    def _cipher(self) -> Any:
        return self.begin()._made.result()

    def _derive(self, phrase: str, salt: str) -> None:
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        try:
            cipher = AESGCM(key(phrase, self._raw))
            if salt and _open(cipher, _split(salt)[2]) != CHECK:
                raise InvalidTag
            self._made.set_result(cipher)
        except (InvalidTag, ValueError):
            self._made.set_exception(
                UserError(
                    "incorrect passphrase: it does not open this stack's secrets",
                    next="set PULUMI_CONFIG_PASSPHRASE (or PULUMI_CONFIG_PASSPHRASE_FILE) to the stack's passphrase",
                )
            )

    def verify(self) -> None:
        """Wait until the passphrase is known to be right; UserError if it is not."""
        self._cipher()

    def encrypt_text(self, text: str) -> str:
        nonce = os.urandom(12)
        sealed = self._cipher().encrypt(nonce, text.encode(), None)
        return f"v1:{base64.b64encode(nonce).decode()}:{base64.b64encode(sealed).decode()}"

    def decrypt_text(self, ciphertext: str) -> str:
        try:
            return _open(self._cipher(), ciphertext)
        except UserError:
            raise
        except Exception as error:
            raise UserError(
                "a secret cannot be decrypted with this stack's passphrase", where=ciphertext[:40]
            ) from error

    def encrypt(self, value: Any) -> str:
        """The ciphertext of a JSON value; the same again for a value seen before, so that files stay as they are."""
        text = go_json.dumps(value)
        if text not in self._known:
            self._known[text] = self.encrypt_text(text)
        return self._known[text]

    def decrypt(self, ciphertext: str) -> Any:
        text = self.decrypt_text(ciphertext)
        self._known.setdefault(text, ciphertext)
        return json.loads(text)

    def to_json(self) -> dict[str, Any]:
        """The state file's `secrets_providers`."""
        return {"type": "passphrase", "state": {"salt": self.salt}}


@functools.cache
def key(phrase: str, raw: bytes) -> bytes:
    """The key of a passphrase and a salt's bytes; made once in a process."""
    return hashlib.pbkdf2_hmac("sha256", phrase.encode(), raw, ITERATIONS)


def _split(salt: str) -> list[str]:
    parts = salt.split(":", 2)
    if len(parts) != 3 or parts[0] != "v1":
        raise UserError(f"the encryption salt {salt[:20]!r} is not one of Pulumi's passphrase secrets (v1:...)")
    return parts


def _open(cipher: Any, ciphertext: str) -> str:
    version, nonce, text = ciphertext.split(":")
    if version != "v1":
        raise ValueError(version)
    return cipher.decrypt(base64.b64decode(nonce), base64.b64decode(text), None).decode()


def find_passphrase(environment: Mapping[str, str], interactive: bool = False) -> str:
    """The passphrase from the environment, a file it names, or a prompt. UserError where there is none."""
    if "PULUMI_CONFIG_PASSPHRASE" in environment:
        return environment["PULUMI_CONFIG_PASSPHRASE"]
    if file := environment.get("PULUMI_CONFIG_PASSPHRASE_FILE"):
        try:
            return Path(file).read_text().strip()
        except OSError as error:
            raise UserError("the passphrase file cannot be read", where=f"{file}: {error.strerror}") from error
    if interactive and sys.stdin.isatty():
        return getpass.getpass("Enter your passphrase to unlock config/secrets: ")
    raise UserError(
        "passphrase must be set with PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE environment variables",
        next="export PULUMI_CONFIG_PASSPHRASE=...",
    )
