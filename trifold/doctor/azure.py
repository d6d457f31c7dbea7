"""Azure: the seven checks, through Resource Manager's own REST with azure-identity. Reads only."""

import base64
import json
import logging
import math
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from functools import cached_property
from threading import RLock
from typing import Any

from trifold.doctor import activity, azure_rights, images, sizes
from trifold.doctor import names as naming
from trifold.doctor.checks import ERROR, WARNING, Ask, Finding, NoCredentials, Unknown, apart
from trifold.facts.needs import Need, needs

ARM = "https://management.azure.com"
SIGN_IN = "az login"
PROVIDERS = ("Microsoft.MachineLearningServices", "Microsoft.Storage", "Microsoft.ContainerRegistry",
             "Microsoft.KeyVault", "Microsoft.Insights", "Microsoft.OperationalInsights",
             "Microsoft.ManagedIdentity")  # fmt: skip
REGISTRIES = "Microsoft.ContainerRegistry/registries"
# feature -> what else must be registered.
MORE_PROVIDERS = {"network.make": "Microsoft.Network"}
# Azure keeps a fifth of the instances in reserve for upgrades, and counts it against the quota (trifold.facts).
RESERVE = 1.2
WORKSPACES = "Microsoft.MachineLearningServices/workspaces"
# For how long Azure holds the name of a deleted workspace that is not purged or recovered.
HELD, SOFT_DELETE = timedelta(days=14), "https://learn.microsoft.com/azure/machine-learning/concept-soft-delete"
VERSIONS = {
    "subscriptions": "2022-12-01",
    "providers": "2021-04-01",
    "permissions": "2022-04-01",
    "ml": "2024-10-01",
    "storage": "2023-05-01",
    "registry": "2023-07-01",
    "vault": "2023-07-01",
    "activity": "2015-04-01",
}


class Client:
    """Resource Manager: answers as (status, JSON)."""

    def __init__(self, ask: Ask) -> None:
        self.subscription, self._lock = f"/subscriptions/{ask.account}", RLock()

    def get(self, path: str, version: str) -> tuple[int, Any]:
        return self.send("GET", path, version)

    def send(self, method: str, path: str, version: str, body: Any = None) -> tuple[int, Any]:
        from azure.core.rest import HttpRequest

        where = path if path.startswith("https:") else f"{ARM}{self.subscription}{path}"
        parameters = {} if "api-version=" in where else {"api-version": VERSIONS[version]}
        answer = self._pipeline.send_request(HttpRequest(method, where, params=parameters, json=body))
        return answer.status_code, json.loads(answer.text() or "{}")

    def all(self, path: str, version: str) -> list[dict[str, Any]]:
        """A list, all of its pages. Raises Unknown with the service's words."""
        status, answer = self.get(path, version)
        found = list(expected(status, answer).get("value", []))
        while more := answer.get("nextLink"):
            status, answer = self.get(more, version)
            found += expected(status, answer).get("value", [])
        return found

    def token(self) -> str:
        return str(self._credential.get_token(f"{ARM}/.default").token)

    @property
    def object_id(self) -> str:
        """Who the token speaks for."""
        claims = self.token().split(".")[1]
        return str(json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4))).get("oid", "OBJECT_ID"))

    @cached_property
    def _credential(self) -> Any:
        from azure.identity import DefaultAzureCredential

        # It logs all that it tried; the finding says what came of it.
        logging.getLogger("azure.identity").setLevel(logging.ERROR)
        return DefaultAzureCredential()

    @cached_property
    def _pipeline(self) -> Any:
        from azure.core import PipelineClient
        from azure.core.pipeline.policies import BearerTokenCredentialPolicy, RetryPolicy

        policies = [RetryPolicy(retry_total=3), BearerTokenCredentialPolicy(self._credential, f"{ARM}/.default")]
        return PipelineClient(ARM, policies=policies)

    @contextmanager
    def translated(self) -> Iterator[None]:
        """azure-core's errors in the doctor's words."""
        from azure.core.exceptions import AzureError, ClientAuthenticationError

        try:
            yield
        except ClientAuthenticationError as error:
            raise NoCredentials(str(error).strip().partition("\n")[0], SIGN_IN) from None
        except AzureError as error:
            raise Unknown(str(error).partition("\n")[0]) from None


def expected(status: int, answer: Any) -> Any:
    """The answer, where it is one. Raises Unknown with the service's words."""
    if status != 200:
        error = answer.get("error", answer)
        raise Unknown(f"Azure answered {status} {error.get('code', '')}: {error.get('message', '')}")
    return answer


def identity(client: Client, ask: Ask) -> Iterator[Finding]:
    """Whether the provider works in the pinned subscription, and the credentials reach it, in its tenant."""
    used = ask.configured or os.environ.get("ARM_SUBSCRIPTION_ID") or ask.account
    if used.lower() != ask.account.lower():
        yield Finding("identity", ERROR, f"the provider works in subscription {used}, and {ask.account} is pinned",
                      ask.file, ask.sets("azure-native:subscriptionId", ask.account))  # fmt: skip
        return
    status, answer = client.get("", "subscriptions")
    if status in (401, 403, 404):
        words = answer.get("error", {}).get("message", "")
        yield Finding("identity", ERROR, f"the credentials do not reach subscription {ask.account}: {words}", ask.file,
                      f"az login && az account set --subscription {ask.account}")  # fmt: skip
        return
    state = expected(status, answer).get("state")
    if state != "Enabled":
        yield Finding("identity", ERROR, f"the subscription is {state}", ask.account,
                      f"az account subscription enable --id {ask.account}")  # fmt: skip


def permissions(client: Client, ask: Ask) -> Iterator[Finding]:
    """Azure's own list of what the caller may do in the stack's group, or the subscription while there is no group; and
    on each part that the stack brings along."""
    (home,) = ask.places["home"]
    status, _ = client.get(f"{ARM}{home}", "providers")
    own = home if status == 200 else client.subscription
    asked: dict[str, list[tuple[str, Need]]] = {}
    for type, need in needs("azure", ask.features).items():
        for target in need.targets(ask.places):
            asked.setdefault(own if target == "*" else target, []).append((type, need))
    return apart(client, "permissions", *(_lacking(client, where, rows) for where, rows in asked.items()))


def _lacking(client: Client, where: str, rows: Iterable[tuple[str, Need]]) -> Iterator[Finding]:
    held = client.all(f"{ARM}{where}/providers/Microsoft.Authorization/permissions", "permissions")
    for type, need in rows:
        if denied := [action for action in need.actions if not azure_rights.allowed(held, action)]:
            yield Finding("permissions", ERROR, f"{type} needs {', '.join(denied)}", where,
                          f"az role assignment create --assignee {client.object_id} --role '{need.role}' "
                          f"--scope {where}")  # fmt: skip


def services(client: Client, ask: Ask) -> Iterator[Finding]:
    """Resource providers: azure-native registers none."""
    more = (name for feature, name in MORE_PROVIDERS.items() if feature in ask.features)
    for name in (*PROVIDERS, *more):
        state = expected(*client.get(f"/providers/{name}", "providers")).get("registrationState")
        if state != "Registered":
            yield Finding("services", ERROR, f"the resource provider {name} is {state}", client.subscription,
                          f"az provider register -n {name} --wait --subscription {ask.account}")  # fmt: skip


def placement(client: Client, ask: Ask) -> Iterator[Finding]:
    """The subscription's regions, and Azure ML's sizes in the stack's."""
    regions = [one["name"] for one in client.all("/locations", "subscriptions")]
    if ask.region not in regions:
        yield sizes.no_region(ask, regions)
        return
    yield from sizes.not_offered(ask, list(_offered(client, ask)))


def _offered(client: Client, ask: Ask) -> dict[str, Mapping[str, Any]]:
    found = expected(*client.get(f"{_location(ask)}/vmSizes", "ml"))
    return {one["name"]: one for one in found.get("value") or found.get("amlCompute", [])}


def _location(ask: Ask) -> str:
    return f"/providers/Microsoft.MachineLearningServices/locations/{ask.region}"


def quota(client: Client, ask: Ask) -> Iterator[Finding]:
    """Cores of each family, with the reserve, against what is left of Azure ML's quota."""
    offered = {name.lower(): one for name, one in _offered(client, ask).items()}
    usages = client.all(f"{_location(ask)}/usages", "ml")
    wanted: dict[str, int] = {}
    for size, count in ask.sizes.items():
        if one := offered.get(size.lower()):
            wanted[one["family"]] = wanted.get(one["family"], 0) + math.ceil(RESERVE * count) * one["vCPUs"]
    for family, cores in wanted.items():
        usage = next((one for one in usages if _is_of(one, family)), None)
        if usage is None:
            raise Unknown(f"Azure ML lists no quota of the family {family} in {ask.region}")
        left = usage["limit"] - usage["currentValue"]
        if usage["limit"] >= 0 and left < cores:
            yield sizes.short(
                ask, f"{family} ({usage['currentValue']} of {usage['limit']} used)", left, cores, "cores",
                f"az quota update --resource-name {family} --scope {client.subscription}{_location(ask)} "
                f"--limit-object value={usage['currentValue'] + cores}",
            )  # fmt: skip


def _is_of(usage: Mapping[str, Any], family: str) -> bool:
    """Azure names a family in the id of its usage, and in words in its name."""
    told = f"{usage.get('id', '')} {usage['name']['value']}".lower().replace(" ", "")
    return family.lower().removesuffix("family") + "family" in told


def names(client: Client, ask: Ask) -> Iterator[Finding]:
    """Group, storage account and registry: free, or with the stack's tags; and no deleted vault's or workspace's."""
    parts = {
        "group": _group(client, ask),
        "storage": _global_name(client, ask, "storage account", "Microsoft.Storage/storageAccounts", "storage"),
        "registry": _global_name(client, ask, "registry", REGISTRIES, "registry"),
        "vault": _deleted_vaults(client, ask),
        "workspace": _deleted_workspace(client, ask),
    }
    return apart(client, "names", *naming.own(ask, parts))


def _group(client: Client, ask: Ask) -> Iterator[Finding]:
    status, found = client.get(f"/resourceGroups/{ask.names['group']}", "providers")
    if status == 200:
        yield from naming.judged(ask, "resource group", ask.names["group"], found.get("tags"),
                                 f"az group delete -n {ask.names['group']}")  # fmt: skip


def _deleted_vaults(client: Client, ask: Ask) -> Iterator[Finding]:
    """The kit leaves a vault's name to Pulumi for this reason; a program may have named one."""
    for vault in client.all("/providers/Microsoft.KeyVault/deletedVaults", "vault"):
        if vault["name"] == ask.names.get("vault"):
            name, held = vault["name"], vault["properties"]
            yield Finding("names", ERROR, f"the vault name {name} is held by a deleted one until "
                          f"{held.get('scheduledPurgeDate')}", held["vaultId"],
                          f"az keyvault recover -n {name}  # or: az keyvault purge -n {name}")  # fmt: skip


def _deleted_workspace(client: Client, ask: Ask) -> Iterator[Finding]:
    """Azure ML lists no deleted workspaces. The log of what was done has the delete, but not that it was a purge, and
    tells late of one that followed: whether the name is held is not sure, so it is a warning."""
    if "workspace" not in ask.names:
        return
    name, path = ask.names["workspace"], f"/resourceGroups/{ask.names['group']}/providers/{WORKSPACES}"
    if client.get(f"{path}/{name}", "ml")[0] != 404:
        return
    id = f"{client.subscription}{path}/{name}"
    if gone := activity.deleted(client, id, HELD):
        what = f"the workspace {name} was deleted on {gone:%Y-%m-%d at %H:%M} UTC: unless it was purged"
        yield Finding("names", WARNING, f"{what}, Azure holds its name until {gone + HELD:%Y-%m-%d}", id,
                      f"trifold sweep azure -s {ask.stack} --delete --purge  # or recover it: {SOFT_DELETE}"
                      )  # fmt: skip


def _global_name(client: Client, ask: Ask, what: str, kind: str, version: str) -> Iterator[Finding]:
    name, provider = ask.names[version], kind.partition("/")[0]
    body = {"name": name, "type": kind}
    answer = expected(*client.send("POST", f"/providers/{provider}/checkNameAvailability", version, body))
    if answer["nameAvailable"]:
        return
    status, found = client.get(f"/resourceGroups/{ask.names['group']}/providers/{kind}/{name}", version)
    if status == 404:
        yield naming.taken(ask, what, name)
    else:
        yield from naming.judged(ask, what, name, expected(status, found).get("tags"),
                                 f"az resource delete --ids {found['id']}")  # fmt: skip


def image(client: Client, ask: Ask) -> Iterator[Finding]:
    """By digest, in the stack's registry, with a token that the registry gives for ours."""
    import requests

    host, repository = images.place(ask.image, f"{ask.names['registry']}.azurecr.io", "")
    made = f"{client.subscription}/resourceGroups/{ask.names['group']}/providers/{REGISTRIES}/{ask.names['registry']}"
    status, _ = client.get(f"{ARM}{ask.others.get('registry', made)}", "registry")
    if status == 404 and host.startswith(ask.names["registry"]):
        yield images.no_registry_yet(ask, host)
        return
    try:
        given = {"grant_type": "access_token", "service": host, "access_token": client.token()}
        refresh = requests.post(f"https://{host}/oauth2/exchange", data=given, timeout=30).json()["refresh_token"]
        given = {"grant_type": "refresh_token", "service": host, "scope": f"repository:{repository}:pull",
                 "refresh_token": refresh}  # fmt: skip
        token = requests.post(f"https://{host}/oauth2/token", data=given, timeout=30).json()["access_token"]
    except (requests.RequestException, ValueError, KeyError) as error:
        raise Unknown(f"the registry gives no token: {error}", f"az acr login -n {host.partition('.')[0]}") from None
    get = images.getter(f"https://{host}/v2/{repository}/", {"authorization": f"Bearer {token}"})
    yield from images.judged(get, ask, f"{host}/{repository}")
