"""Azure: what the endpoint's identity and the deployer are granted, and what keeps others out of the store."""

import json
import re
from collections.abc import Callable
from typing import Any

from tests.conformance.grants import Grant, Rig, not_emulated
from tests.conformance.grants.subscription import (
    HERE,
    ML,
    REGISTRY,
    Space,
    Store,
    Subscription,
    credential,
    group,
    make_space,
    make_store,
    own_store,
)

GUIDE = "Please see troubleshooting guide, available here: https://aka.ms/oe-tsg#authorization-error"
UNPERMITTED = "This request is not authorized to perform this operation using this permission."


def grants() -> list[Grant]:
    return [
        Grant(
            "the endpoints identity reads the packages",
            ("endpoint-may-read Storage Blob Data Reader",),
            lambda rig: rig.once(serving),
            lambda rig: without(rig, "read"),
            # The middle is Blob Storage's own; what Azure ML says around it is not published.
            rf"BadArgument: Unable to download user model from https://.*: {re.escape(UNPERMITTED)} ErrorCode: "
            rf"AuthorizationPermissionMismatch\. {re.escape(GUIDE)}",
        ),
        Grant(
            "the endpoints identity pulls the image",
            ("foundation-endpoint-pull AcrPull",),
            lambda rig: rig.once(serving),
            lambda rig: without(rig, "pull"),
            "BadArgument: "
            + re.escape(
                "Endpoint identity does not have pull permission on the registry. For System Assigned Identity case "
                "and workspace ACR, platform will wire up the permissions but if user is creating deployment with "
                "User Assigned Identity or if using non-workspace ACR, then User should grant pull permissions to "
                f"identity on the registry. {GUIDE}"
            ),
        ),
        Grant(
            "who made the stack uses its objects",
            ("storage-owner Storage Blob Data Contributor",),
            lambda rig: upload(rig, granted=True),
            lambda rig: refusal(lambda: upload(rig, granted=False)),
            rf"AuthorizationPermissionMismatch: {re.escape(UNPERMITTED)}",
        ),
        Grant(
            "only who has the endpoints key asks it",
            ("endpoint-endpoint authMode=Key",),
            lambda rig: ask(rig, key_of(rig)),
            lambda rig: refusal(lambda: ask(rig, "another")),
            "401 key_auth_access_denied",
        ),
        Grant(
            "nobody makes the store public",
            ("storage-account allowBlobPublicAccess=false",),
            lambda rig: anonymous(rig, account=True, container="Blob"),
            lambda rig: refusal(lambda: anonymous(rig, account=False, container="Blob")),
            r"PublicAccessNotPermitted: Public access is not permitted on this storage account\.",
        ),
        Grant(
            "nobody without credentials reads the container",
            ("storage-container publicAccess=None",),
            lambda rig: anonymous(rig, account=True, container="Blob"),
            lambda rig: refusal(lambda: anonymous(rig, account=True, container="None")),
            r"NoAuthenticationInformation: Server failed to authenticate the request\. Please refer to the information "
            r"in the www-authenticate header\.",
        ),
        Grant(
            "nobody pulls with the registrys admin password",
            ("foundation-registry adminUserEnabled=false",),
            lambda rig: admin(rig, enabled=True),
            lambda rig: refusal(lambda: admin(rig, enabled=False)),
            r"UnAuthorizedForCredentialOperations: Cannot perform credential operations for /subscriptions/.* as admin "
            r"user is disabled\. Kindly enable admin user as per docs: https://docs\.microsoft\.com/en-us/azure/"
            r"container-registry/container-registry-authentication#admin-account",
        ),
        Grant(
            "the store takes encrypted transport only",
            ("storage-account enableHttpsTrafficOnly=true",),
            lambda rig: unencrypted(rig, https_only=False),
            lambda rig: refusal(lambda: unencrypted(rig, https_only=True)),
            r"AccountRequiresHttps: The account being accessed does not support http\.",
        ),
        Grant(
            "the workspace holds no key of the store",
            ("endpoint-workspace systemDatastoresAuthMode=Identity",),
            lambda rig: store_key(rig, "AccessKey"),
            lambda rig: refusal(lambda: store_key(rig, "Identity")),
            r"UserError: No secrets for credentials of type None\.",
        ),
        not_emulated(
            "the store takes TLS 1.2 and later only",
            ("storage-account minimumTlsVersion=TLS1_2",),
            "the local clouds take TLS 1.2 and later only, whatever an account says",
        ),
        not_emulated(
            "no object is replicated to another tenant",
            ("storage-account allowCrossTenantReplication=false",),
            "the local Azure has one tenant and no object replication",
        ),
        not_emulated(
            "nobody pulls without credentials",
            ("foundation-registry anonymousPullEnabled=false",),
            "local registries hold no image that could be pulled",
        ),
        not_emulated(
            "the vault opens by roles alone",
            ("endpoint-vault enableRbacAuthorization=true",),
            "local vaults hold no secret that could be read",
        ),
    ]


def refusal(attempt: Callable[[], Any]) -> str:
    """What Azure says: the code and the message that its SDK shows, without the ids and times of the request."""
    from azure.core.exceptions import HttpResponseError

    try:
        attempt()
    except HttpResponseError as error:
        code = getattr(error, "error_code", None) or (error.error and error.error.code)
        message = error.message if error.error is None else str(error.error.message)
        return f"{getattr(code, 'value', code)}: {message.partition(chr(10))[0]}"
    except PermissionError as error:
        return str(error)
    raise AssertionError("it was let through")


def upload(rig: Rig, *, granted: bool) -> None:
    """Write an object as the deployer, with the role on its container or without."""
    make = own_store if granted else make_store
    make(rig.another()).write("note", b"mine")


def anonymous(rig: Rig, *, account: bool, container: str) -> None:
    """Read an object without credentials."""
    store = rig.once(public_store)
    store.open(account, container)
    read_as_anyone(f"{store.url}/note")


def unencrypted(rig: Rig, *, https_only: bool) -> None:
    """Read a public object without TLS."""
    store = rig.once(public_store)
    store.open(True, "Blob", https_only)
    read_as_anyone(f"{store.url}/note".replace("https://", "http://"))


def read_as_anyone(address: str) -> None:
    from azure.storage.blob import BlobClient

    with BlobClient.from_blob_url(address) as blob:
        assert blob.download_blob().readall() == b"mine"


def public_store(rig: Rig) -> Store:
    store = own_store(rig)
    store.write("note", b"mine")
    return store


def serving(rig: Rig) -> Space:
    """The package behind the endpoint that has both roles, which takes all traffic."""
    space = rig.once(make_space)
    space.deploy("both")
    space.put("both", blue=100)
    return space


def without(rig: Rig, role: str) -> str:
    """What the deployment says of an endpoint that lacks one."""
    return refusal(lambda: rig.once(make_space).deploy({"read": "pulls", "pull": "reads"}[role]))


def store_key(rig: Rig, auth_mode: str) -> None:
    """The key of the store, from the workspace's own datastore."""
    space = rig.once(make_space)
    space.make(auth_mode)
    space.arm.post(f"{space.id}/datastores/workspaceblobstore/listSecrets", ML)


def key_of(rig: Rig) -> str:
    """The endpoint's key."""
    space = rig.once(serving)
    return str(space.arm.post(f"{space.endpoint('both')}/listKeys", ML)["primaryKey"])


def ask(rig: Rig, key: str) -> None:
    """Score a sample over HTTPS, as a caller with a key does."""
    import requests

    name = rig.once(serving).endpoint("both").rpartition("/")[2]
    sample = json.loads((rig.state / "packages/flights/current/package/sample.json").read_text())
    address = f"https://{name}.{rig.region}.inference.ml.azure.com/score"
    headers = {"Authorization": f"Bearer {key}"}
    answer = requests.post(address, json=sample["request"], headers=headers, timeout=30)
    if not answer.ok:
        raise PermissionError(f"{answer.status_code} {answer.text}")


def admin(rig: Rig, *, enabled: bool) -> None:
    """The admin user's password."""
    from azure.mgmt.containerregistry import ContainerRegistryManagementClient

    arm, home = Subscription(rig), rig.once(group)
    id = f"{home}/providers/Microsoft.ContainerRegistry/registries/{rig.name}"
    arm.put(id, REGISTRY, {**HERE, "sku": {"name": "Basic"}, "properties": {"adminUserEnabled": enabled}})
    with ContainerRegistryManagementClient(credential(), rig.account) as client:
        assert client.registries.list_credentials(home.rpartition("/")[2], rig.name).passwords
