"""Who calls: OAuth tokens, and the self-signed ones that Google's clients make without asking.

A token is issued for an assertion that a service account signed with a key this cloud knows. Keys are known from the
environment's own key file, and from those made for deployments (`issue_key`).
"""

import json
import secrets
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from trifold.local.gcp.api.errors import GoogleError
from trifold.local.gcp.api.wire import Raw, Reply, json_reply
from trifold.local.gcp.key import TOKEN_ADDRESS, ensure_key, public_key

GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
LIFETIME = 3600
# Claims may be a little ahead of this clock, as Google allows.
SKEW = 10
BAD_TOKEN = (
    "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid "
    "authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project."
)
NO_TOKEN = (
    "Request is missing required authentication credential. Expected OAuth 2 access token, login cookie or other "
    "valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project."
)


class Identities:
    """Keys by id, and the tokens issued. A restart forgets both."""

    def __init__(self, state: Path) -> None:
        self._state = state
        self._keys: dict[str, tuple[str, bytes]] = {}  # key id -> (account, public key)
        self._tokens: dict[str, tuple[str, float]] = {}  # token -> (account, good until)

    def trust(self, key: Mapping[str, str]) -> None:
        """Take a key's account as genuine."""
        self._keys[key["private_key_id"]] = (key["client_email"], public_key(key["private_key"]))

    def forget(self, account: str, key: str) -> bool:
        """Whether the account had that key; tokens it has got stay good, as Google's do."""
        return self._keys.get(key, ("",))[0] == account and bool(self._keys.pop(key))

    def issue_key(self, account: str, project: str) -> Path:
        """A key file for an account, made at the first call: what a container finds as its own identity."""
        path = ensure_key(self._state / "identities" / f"{account}.json", account, project)
        self.trust(json.loads(path.read_text()))
        return path

    def token(self, raw: Raw) -> Reply:
        """The token endpoint. Errors as OAuth words them (RFC 6749, 5.2)."""
        form = dict(parse_qsl(raw.body.decode("latin-1")))
        if form.get("grant_type") != GRANT:
            description = f"Unsupported grant type: {form.get('grant_type', '')}"
            return json_reply({"error": "unsupported_grant_type", "error_description": description}, 400)
        try:
            account = self._signed(form.get("assertion", ""), audience=TOKEN_ADDRESS)
        except ValueError as error:
            return json_reply({"error": "invalid_grant", "error_description": f"Invalid JWT: {error}"}, 400)
        return json_reply({"access_token": self.issue(account), "expires_in": LIFETIME - 1, "token_type": "Bearer"})

    def issue(self, account: str, lifetime: float = LIFETIME) -> str:
        """A token for an account (or "principal://..."), good for so many seconds."""
        made = f"ya29.local-{secrets.token_urlsafe(48)}"
        self._tokens[made] = (account, time.time() + lifetime)
        return made

    def caller(self, headers: Mapping[str, str]) -> str:
        """The account a request comes from. Raises UNAUTHENTICATED."""
        kind, _, value = headers.get("authorization", "").partition(" ")
        if not value:
            raise GoogleError("UNAUTHENTICATED", NO_TOKEN, [_reason("CREDENTIALS_MISSING")], reason="required")
        account, until = self._tokens.get(value, ("", 0.0))
        if kind.lower() == "bearer" and account and until > time.time():
            return account
        try:
            return self._signed(value)
        except ValueError:
            reason = "ACCESS_TOKEN_EXPIRED" if account else "ACCESS_TOKEN_TYPE_UNSUPPORTED"
            raise GoogleError("UNAUTHENTICATED", BAD_TOKEN, [_reason(reason)]) from None

    def _signed(self, token: str, audience: str = "") -> str:
        """The account that signed a JWT. Raises ValueError."""
        from google.auth import jwt
        from google.auth.exceptions import GoogleAuthError

        try:
            key = jwt.decode_header(token).get("kid", "")
            account, public = self._keys.get(key, ("", b""))
            if not account:
                raise ValueError("Invalid key id: no service account has this key.")
            claims: Mapping[str, Any] = jwt.decode(
                token, certs=public, audience=audience or None, clock_skew_in_seconds=SKEW
            )
        except GoogleAuthError as error:
            raise ValueError(str(error)) from error
        if claims.get("iss") != account:
            raise ValueError("Invalid issuer: not the account of this key.")
        return account


def _reason(reason: str) -> dict[str, Any]:
    return {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": reason,
        "domain": "googleapis.com",
        "metadata": {},
    }
