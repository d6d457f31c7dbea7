"""A pipeline's token for one of Google's (sts.v1: token), by a provider of a workload identity pool.

https://cloud.google.com/iam/docs/reference/sts/rest/v1/TopLevel/token; errors as OAuth words them (RFC 6749, 5.2).
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from trifold.local import issuer
from trifold.local.gcp.api import pools
from trifold.local.gcp.api.errors import refused
from trifold.local.gcp.api.identity import LIFETIME, Identities
from trifold.local.gcp.api.pools import Pools
from trifold.local.gcp.api.wire import Raw, Reply, json_reply

GRANT = "urn:ietf:params:oauth:grant-type:token-exchange"
ACCESS = "urn:ietf:params:oauth:token-type:access_token"
KINDS = ("urn:ietf:params:oauth:token-type:jwt", "urn:ietf:params:oauth:token-type:id_token")


class Refused(Exception):
    """code: OAuth's error."""

    def __init__(self, code: str, description: str) -> None:
        super().__init__(description)
        self.code = code


class Tokens:
    """key: the file of the issuer that all local pipelines have."""

    def __init__(self, known: Pools, identities: Identities, key: Path) -> None:
        self._pools, self._identities, self._key = known, identities, key

    def exchange(self, raw: Raw) -> Reply:
        """The answer to a request for a token."""
        if raw.path != "/v1/token":
            raise refused(f"{raw.method} {raw.path} of sts.googleapis.com")
        try:
            principal = self._principal(_form(raw))
        except Refused as error:
            return json_reply({"error": error.code, "error_description": str(error)}, 400)
        token = self._identities.issue(principal)
        made = {"access_token": token, "issued_token_type": ACCESS, "token_type": "Bearer", "expires_in": LIFETIME}
        return json_reply(made)

    def _principal(self, form: Mapping[str, str]) -> str:
        if form.get("grant_type") != GRANT:
            raise Refused("unsupported_grant_type", "Invalid grant_type")
        if form.get("subject_token_type") not in KINDS:
            raise Refused("invalid_request", "Invalid subject_token_type")
        name = form.get("audience", "").removeprefix("//iam.googleapis.com/")
        provider, pool = self._pools.live(name), self._pools.live(name.partition("/providers/")[0])
        if provider is None or pool is None:
            raise Refused("invalid_target", f"The target service indicated by the \"audience\" parameters is invalid. "
                          f"This might either be because the pool or provider is disabled or deleted or because it "
                          f"doesn't exist. {name}")  # fmt: skip
        claims = self._claims(form.get("subject_token", ""), name, provider["oidc"])
        if not pools.accepts(provider.get("attributeCondition", ""), claims):
            raise Refused("unauthorized_client", "The given credential is rejected by the attribute condition.")
        return f"principal://iam.googleapis.com/{pool['name']}/subject/{claims['sub']}"

    def _claims(self, token: str, name: str, oidc: Mapping[str, Any]) -> dict[str, Any]:
        import jwt

        if oidc["issuerUri"] != issuer.ISSUER:
            raise Refused("invalid_grant", "Error connecting to the given credential's issuer.")
        audience = oidc.get("allowedAudiences") or [f"{scheme}//iam.googleapis.com/{name}" for scheme in ("https:", "")]
        try:
            return issuer.claims(self._key, token, audience)
        except jwt.InvalidAudienceError:
            wrong = "The audience in ID Token does not match the expected audience."
            raise Refused("invalid_grant", wrong) from None
        except jwt.PyJWTError as error:
            raise Refused("invalid_grant", f"Invalid JWT: {error}") from None


def _form(raw: Raw) -> dict[str, str]:
    """A form, or JSON with the same names in camelCase."""
    if "json" in raw.headers.get("content-type", ""):
        given = json.loads(raw.body)
        snake = {"grantType": "grant_type", "subjectToken": "subject_token", "subjectTokenType": "subject_token_type"}
        return {snake.get(key, key): value for key, value in given.items()}
    return dict(parse_qsl(raw.body.decode("latin-1")))
