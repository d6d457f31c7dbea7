"""Who signs in: the application that has a secret, or a user-assigned identity by a token of an issuer that it trusts.

https://learn.microsoft.com/entra/workload-id/workload-identity-federation: issuer, subject and audience of the token
must be those of one of the identity's federated credentials, letter for letter. The one issuer whose signature can be
checked here is trifold.local.issuer's.
"""

import base64
import binascii
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_plus

import jwt

from trifold.local import issuer
from trifold.local.azure.api.arm.store import Resource
from trifold.local.azure.api.errors import AzureError
from trifold.local.azure.cloud import CLIENT_ID, CLIENT_SECRET, OBJECT_ID, TENANT

if TYPE_CHECKING:
    from trifold.local.azure.api.services import Azure

IDENTITIES = "Microsoft.ManagedIdentity/userAssignedIdentities"
CREDENTIALS = f"{IDENTITIES}/federatedIdentityCredentials"
BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
GUIDE = (
    "Check your federated identity credential Subject, Audience and Issuer against the presented assertion. "
    "https://learn.microsoft.com/entra/workload-id/workload-identity-federation"
)


@dataclass(frozen=True)
class Principal:
    """A service principal."""

    object_id: str
    client_id: str


OWNER = Principal(OBJECT_ID, CLIENT_ID)


def sign_in(azure: "Azure", form: Mapping[str, str], headers: Mapping[str, str]) -> Principal:
    """Who asks for a token; AzureError as Entra ID words it."""
    if form.get("client_assertion_type"):
        return _by_assertion(azure, form)
    client, secret = form.get("client_id", ""), form.get("client_secret", "")
    scheme, _, basic = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            client, _, secret = (unquote_plus(part) for part in base64.b64decode(basic).decode().partition(":"))
        except (binascii.Error, UnicodeDecodeError):
            raise AzureError("invalid_request", "AADSTS900144: The authorization header can't be read.") from None
    if client.lower() != CLIENT_ID:
        raise _unknown(client)
    if secret != CLIENT_SECRET:
        raise AzureError("invalid_client", "AADSTS7000215: Invalid client secret provided. Ensure the secret being "
                         "sent in the request is the client secret value.", 401)  # fmt: skip
    return OWNER


def _by_assertion(azure: "Azure", form: Mapping[str, str]) -> Principal:
    client, assertion = form.get("client_id", ""), form.get("client_assertion", "")
    if form["client_assertion_type"] != BEARER:
        raise AzureError("invalid_request", f"AADSTS50027: The client assertion type must be {BEARER}.")
    held = azure.store.of_kind(IDENTITIES)
    identity = next((one for one in held if one.properties["clientId"] == client.lower()), None)
    if identity is None:
        raise _unknown(client)
    _trusted(azure, identity, assertion)
    return Principal(identity.properties["principalId"], identity.properties["clientId"])


def _trusted(azure: "Azure", identity: Resource, assertion: str) -> None:
    """Raises AzureError unless one of the identity's credentials is for this token, and its signature holds."""
    try:
        said = jwt.decode(assertion, options={"verify_signature": False})
    except jwt.PyJWTError:
        raise _refused("AADSTS50027", "JWT token is invalid or malformed.") from None
    left = [one.properties for one in _credentials(azure, identity)]
    for code, name, claim in (("AADSTS700211", "issuer", "iss"), ("AADSTS700213", "subject", "sub"),
                              ("AADSTS700212", "audience", "aud")):  # fmt: skip
        given = said.get(claim, "")
        left = [one for one in left if given == (one["audiences"][0] if claim == "aud" else one[name])]
        if not left:
            raise _refused(code, "No matching federated identity record found for presented assertion "
                           f"{name} '{given}'. {GUIDE}")  # fmt: skip
    try:
        issuer.claims(issuer.beside(azure.context.state), assertion, said["aud"])
    except jwt.ExpiredSignatureError:
        raise _refused("AADSTS700024", "Client assertion is not within its valid time range.") from None
    except jwt.PyJWTError:
        raise _refused("AADSTS50013", "Assertion failed signature validation.") from None


def _credentials(azure: "Azure", identity: Resource) -> Iterator[Resource]:
    return azure.store.of_kind(CREDENTIALS, f"{identity.id.text}/")


def _unknown(client: str) -> AzureError:
    return AzureError("unauthorized_client", f"AADSTS700016: Application with identifier '{client}' was not found in "
                      f"the directory '{TENANT}'.")  # fmt: skip


def _refused(code: str, message: str) -> AzureError:
    return AzureError("invalid_client", f"{code}: {message}", 401)


def shown(principal: Principal) -> dict[str, Any]:
    """The claims of a token that say who it is."""
    return {"appid": principal.client_id, "oid": principal.object_id, "sub": principal.object_id}
