"""Microsoft Entra ID: who may ask, in the shape of its OpenID endpoints, and tokens that are checked on every call.

There is one tenant, with one application, whose secret `trifold local env` gives out, and the user-assigned identities
that stacks make; who may sign in as them: principals.py. Tokens are JWTs, signed with a
key made at start; they last an hour and are good for one audience, as the real ones.
"""

import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from trifold.local.azure.api.errors import AzureError
from trifold.local.azure.api.principals import OWNER, Principal, shown, sign_in
from trifold.local.azure.api.wire import Raw, Reply, json_reply
from trifold.local.azure.cloud import LOGIN_HOST, TENANT

if TYPE_CHECKING:
    from trifold.local.azure.api.services import Azure

LIFETIME = 3599
MANAGEMENT = ("https://management.azure.com", "https://management.core.windows.net")
STORAGE = ("https://storage.azure.com",)
ML = ("https://ml.azure.com",)
AUDIENCES = (*MANAGEMENT, *STORAGE, *ML)
ALIASES = [LOGIN_HOST, "login.windows.net", "login.microsoft.com", "sts.windows.net"]


@dataclass(frozen=True)
class Caller:
    """Who a valid token speaks for."""

    object_id: str
    client_id: str
    tenant: str


class Entra:
    """Signs and checks tokens, and answers for the login host."""

    def __init__(self, azure: "Azure") -> None:
        self._azure = azure
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self._key_id = uuid.uuid4().hex

    def handle(self, raw: Raw) -> Reply:
        """The answer to one request to the login host."""
        parts = [part for part in raw.plain_path.split("/") if part]
        try:
            return self._answer(raw, parts)
        except AzureError as error:
            stamp = {"error": error.code, "error_description": error.message, "error_codes": _codes(error.message)}
            return json_reply(error.status, {**stamp, "trace_id": str(uuid.uuid4()), "timestamp": _now_text()})

    def _answer(self, raw: Raw, parts: list[str]) -> Reply:
        tenant = parts[0] if parts else ""
        rest = "/".join(parts[1:]).lower()
        if rest == "discovery/instance":
            return json_reply(200, _instance(raw))
        _known_tenant(tenant)
        if rest in ("v2.0/.well-known/openid-configuration", ".well-known/openid-configuration"):
            return json_reply(200, _configuration(tenant))
        if rest in ("discovery/v2.0/keys", "discovery/keys"):
            return json_reply(200, {"keys": [self._public_key()]})
        if rest in ("oauth2/v2.0/token", "oauth2/token") and raw.method == "POST":
            return json_reply(200, self._grant(raw, rest), {"cache-control": "no-store"})
        raise AzureError("invalid_request", f"AADSTS900561: The local Entra ID has no endpoint {raw.path}.", 404)

    def token(self, audience: str, lifetime: int = LIFETIME, who: Principal = OWNER) -> str:
        """A signed token of a service principal."""
        now = int(time.time())
        claims = {
            "aud": audience,
            "iss": f"https://sts.windows.net/{TENANT}/",
            "iat": now,
            "nbf": now,
            "exp": now + lifetime,
            "idtyp": "app",
            **shown(who),
            "tid": TENANT,
            "ver": "1.0",
        }
        return jwt.encode(claims, self._key, algorithm="RS256", headers={"kid": self._key_id})

    def verify(self, token: str, audiences: tuple[str, ...]) -> Caller:
        """Who the token speaks for; AzureError as Resource Manager words it for a bad, expired or foreign one."""
        accepted = [spelled for one in audiences for spelled in (one, f"{one}/", f"{one}//")]
        try:
            claims = jwt.decode(
                token,
                self._key.public_key(),
                algorithms=["RS256"],
                audience=accepted,
                issuer=f"https://sts.windows.net/{TENANT}/",
                options={"require": ["exp", "aud", "iss", "oid"]},
            )
        except jwt.ExpiredSignatureError:
            raise _unauthorized("ExpiredAuthenticationToken", "The access token expiry UTC time is earlier than "
                                "current UTC time.") from None  # fmt: skip
        except jwt.InvalidAudienceError:
            raise _unauthorized("InvalidAuthenticationTokenAudience", "The access token has been obtained for wrong "
                                f"audience or resource. It should exactly match one of the allowed audiences "
                                f"{', '.join(accepted)}.") from None  # fmt: skip
        except jwt.PyJWTError:
            raise _unauthorized("InvalidAuthenticationToken", "The access token is invalid.") from None
        return Caller(claims["oid"], claims["appid"], claims["tid"])

    def caller(self, raw: Raw, audiences: tuple[str, ...]) -> Caller:
        """Who sent a request with a bearer token."""
        scheme, _, token = raw.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise _unauthorized("AuthenticationFailed", "Authentication failed. The 'Authorization' header is missing.")
        return self.verify(token, audiences)

    def _grant(self, raw: Raw, endpoint: str) -> dict[str, Any]:
        form = dict(parse_qsl(raw.body.decode("utf-8", "replace"), keep_blank_values=True))
        if form.get("grant_type") != "client_credentials":
            raise AzureError("unsupported_grant_type", "AADSTS70003: The app requested an unsupported grant type "
                             f"'{form.get('grant_type', '')}'; the local Entra ID has client_credentials.")  # fmt: skip
        principal = sign_in(self._azure, form, raw.headers)
        audience = _audience(form)
        granted: dict[str, Any] = {"token_type": "Bearer", "expires_in": LIFETIME, "ext_expires_in": LIFETIME}
        if endpoint == "oauth2/token":
            expires = {"expires_on": str(int(time.time()) + LIFETIME), "resource": audience}
            granted = {**granted, **expires, "expires_in": str(LIFETIME)}
        return {**granted, "access_token": self.token(audience, who=principal)}

    def _public_key(self) -> dict[str, Any]:
        key = jwt.algorithms.RSAAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        return {**key, "kid": self._key_id, "use": "sig", "alg": "RS256"}


def _known_tenant(tenant: str) -> None:
    if tenant.lower() not in (TENANT, "common", "organizations"):
        raise AzureError("invalid_tenant", f"AADSTS90002: Tenant '{tenant}' not found. Check to make sure you have "
                         "the correct tenant ID and are signing into the correct cloud.")  # fmt: skip


def _audience(form: Mapping[str, str]) -> str:
    scopes = [scope for scope in form.get("scope", "").split() if scope.endswith("/.default")]
    wanted = form.get("resource") or (scopes[0].removesuffix("/.default") if scopes else "")
    plain = wanted.rstrip("/")
    if plain not in AUDIENCES and not (plain.startswith("https://") and plain.endswith(".blob.core.windows.net")):
        raise AzureError("invalid_resource", f"AADSTS500011: The resource principal named {wanted or '(none)'} was "
                         f"not found in the tenant named {TENANT}.")  # fmt: skip
    return wanted


def _configuration(tenant: str) -> dict[str, Any]:
    base = f"https://{LOGIN_HOST}/{tenant}"
    return {
        "issuer": f"https://{LOGIN_HOST}/{TENANT}/v2.0",
        "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
        "token_endpoint": f"{base}/oauth2/v2.0/token",
        "device_authorization_endpoint": f"{base}/oauth2/v2.0/devicecode",
        "jwks_uri": f"{base}/discovery/v2.0/keys",
        "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
        "response_types_supported": ["code", "id_token", "token"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "tenant_region_scope": "NA",
        "cloud_instance_name": "microsoftonline.com",
    }


def _instance(raw: Raw) -> dict[str, Any]:
    tenant = "common"
    authorize = raw.parameters.get("authorization_endpoint", "")
    if authorize.startswith("https://"):
        tenant = authorize.split("/")[3]
    return {
        "tenant_discovery_endpoint": f"https://{LOGIN_HOST}/{tenant}/v2.0/.well-known/openid-configuration",
        "api-version": "1.1",
        "metadata": [
            {"preferred_network": LOGIN_HOST, "preferred_cache": "login.windows.net", "aliases": ALIASES},
        ],
    }


def _unauthorized(code: str, message: str) -> AzureError:
    challenge = f'Bearer authorization_uri="https://{LOGIN_HOST}/{TENANT}", error="invalid_token"'
    return AzureError(code, message, 401, headers={"www-authenticate": challenge})


def _codes(message: str) -> list[int]:
    number = message.partition(":")[0].removeprefix("AADSTS")
    return [int(number)] if number.isdigit() else []


def _now_text() -> str:
    return time.strftime("%Y-%m-%d %H:%M:%SZ", time.gmtime())
