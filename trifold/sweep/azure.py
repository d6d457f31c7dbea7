"""Azure: found in Resource Manager's own list of the subscription, which is never behind, as Resource Graph may be.

It is asked for all and looked through here: a list that is filtered by a tag comes without tags
(https://learn.microsoft.com/rest/api/resources/resources/list). Key Vault lists deleted vaults with their tags; of
deleted Azure ML workspaces there is no list: docs/decisions/163-names-that-azure-holds.md.
"""

import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from trifold.doctor.azure import ARM, Client, expected
from trifold.doctor.checks import Unknown
from trifold.sweep.thing import IDLE_DAYS, Place, Thing, asked_of

ML = "Microsoft.MachineLearningServices/workspaces"
GROUP, VAULT = "azure-native:resources:ResourceGroup", "azure-native:keyvault:Vault"
WORKSPACE = "azure-native:machinelearningservices:Workspace"
ENDPOINT = "azure-native:machinelearningservices:OnlineEndpoint"
DEPLOYMENT = "azure-native:machinelearningservices:OnlineDeployment"
# Type, with the API version it is asked and deleted with -> Pulumi's; in the order in which they go.
TYPES: Mapping[str, tuple[str, str]] = {
    "microsoft.insights/autoscalesettings": ("azure-native:monitor:AutoscaleSetting", "2022-10-01"),
    # With its deployments; one that takes traffic can't be deleted by itself.
    f"{ML}/onlineEndpoints".lower(): (ENDPOINT, "2024-10-01"),
    f"{ML}/onlineEndpoints/deployments".lower(): (DEPLOYMENT, "2024-10-01"),
    ML.lower(): (WORKSPACE, "2024-10-01"),
    "microsoft.insights/components": ("azure-native:applicationinsights:Component", "2020-02-02"),
    "microsoft.operationalinsights/workspaces": ("azure-native:operationalinsights:Workspace", "2023-09-01"),
    "microsoft.keyvault/vaults": (VAULT, "2023-07-01"),
    "microsoft.containerregistry/registries": ("azure-native:containerregistry:Registry", "2023-07-01"),
    "microsoft.storage/storageaccounts": ("azure-native:storage:StorageAccount", "2023-05-01"),
    "microsoft.managedidentity/userassignedidentities": (
        "azure-native:managedidentity:UserAssignedIdentity",
        "2023-01-31",
    ),
    "microsoft.resources/resourcegroups": (GROUP, "2021-04-01"),
}
ORDER = [type for type, _ in TYPES.values()]
VERSIONS = dict(TYPES.values())
FIRST_WAIT, LONGEST_WAIT, PATIENCE = 0.1, 10.0, 1800.0


class Cloud:
    """One subscription."""

    def __init__(self, place: Place, client: Client | None = None) -> None:
        self._place, self._client = place, client or Client(asked_of(place))

    def account(self) -> str:
        with self._client.translated():
            found = expected(*self._client.get("", "subscriptions"))
            return str(found["subscriptionId"])

    def find(self) -> Iterator[Thing]:
        with self._client.translated():
            groups = self._client.all("/resourcegroups", "providers")
            found = [*self._client.all("/resources", "providers"), *groups]
            wanted = [one for one in found if self._place.wants(one.get("tags") or {})]
            yield from (self._thing(one) for one in wanted)
            yield from self._deleted_vaults()
            yield from self._deleted_workspaces()

    def order(self, thing: Thing) -> int:
        return ORDER.index(thing.type) if thing.type in ORDER else -1

    def remove(self, thing: Thing, purge: bool) -> None:
        with self._client.translated():
            if thing.deleted and thing.type == VAULT:
                self._purge(thing.name, thing.region)
                return
            if thing.type == GROUP and self._holds(thing.name):
                raise Unknown(f"the group {thing.name} holds what is not the stack's, and was left")
            forced = "&forceToPurge=true" if purge and thing.type == WORKSPACE else ""
            self._delete(f"{thing.id}?api-version={VERSIONS[thing.type]}{forced}")
            if purge and thing.type == VAULT:
                self._purge(thing.name, thing.region)

    # ---- finding -----------------------------------------------------------------------------------------------

    def _thing(self, one: Mapping[str, Any]) -> Thing:
        kind = str(one["type"]).lower()
        type = TYPES.get(kind, ("", ""))[0]
        region, tags = str(one.get("location", "")), one.get("tags") or {}
        name = str(one["name"]).rpartition("/")[2]
        if not type:
            note = f"the kit makes no {one['type']}, and does not remove it"
            return Thing(f"azure:{one['type']}", one["id"], name, region, tags, note=note)
        instances = self._instances(one["id"]) if type == DEPLOYMENT else ()
        requests = self._requests(one["id"]) if type == ENDPOINT else None
        return Thing(type, one["id"], name, region, tags, instances, requests)

    def _instances(self, id: str) -> tuple[tuple[str, int], ...]:
        found = expected(*self._get(f"{id}?api-version={VERSIONS[DEPLOYMENT]}"))
        size = str(found["properties"].get("instanceType") or "")
        return ((size, int((found.get("sku") or {}).get("capacity") or 1)),)

    def _requests(self, id: str) -> float | None:
        """Azure Monitor's RequestsPerMinute, as a count; None where it can't be asked, or the endpoint is young."""
        since = datetime.now(UTC) - timedelta(days=IDLE_DAYS)
        found = expected(*self._get(f"{id}?api-version={VERSIONS[ENDPOINT]}"))
        made = (found.get("systemData") or {}).get("createdAt")
        if not made or datetime.fromisoformat(made) > since:
            return None
        span = f"{since:%Y-%m-%dT%H:%M:%SZ}/{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
        query = f"metricnames=RequestsPerMinute&aggregation=Total&interval=P1D&timespan={span}"
        status, answer = self._get(f"{id}/providers/Microsoft.Insights/metrics?api-version=2023-10-01&{query}")
        if status != 200:
            return None
        series = [one for metric in answer.get("value", []) for one in metric.get("timeseries", [])]
        return sum(point.get("total") or 0.0 for one in series for point in one.get("data", []))

    def _deleted_vaults(self) -> Iterator[Thing]:
        for vault in self._client.all("/providers/Microsoft.KeyVault/deletedVaults", "vault"):
            held = vault["properties"]
            if self._place.wants(held.get("tags") or {}):
                note = f"deleted; Azure holds the name until {held.get('scheduledPurgeDate')}"
                yield Thing(VAULT, vault["id"], vault["name"], held["location"], held["tags"], deleted=True, note=note)

    def _deleted_workspaces(self) -> Iterator[Thing]:
        """Of the stacks that are named: nobody lists them, so those that are not there may be held."""
        for stack in self._place.stacks:
            group, name = (self._place.name_of(stack, kind) for kind in ("group", "workspace"))
            id = f"{self._client.subscription}/resourceGroups/{group}/providers/{ML}/{name}"
            if self._get(f"{id}?api-version={VERSIONS[WORKSPACE]}")[0] == 404:
                tags = {"project": self._place.project, "stack": stack}
                note = "not there; if it was deleted, Azure holds its name for 14 days"
                yield Thing(WORKSPACE, id, name, self._place.region, tags, deleted=True, note=note)

    def _holds(self, group: str) -> bool:
        return bool(self._client.all(f"/resourcegroups/{group}/resources", "providers"))

    # ---- removing ----------------------------------------------------------------------------------------------

    def _delete(self, path: str) -> None:
        """Gone once this returns."""
        self._done(self._client.send("DELETE", f"{ARM}{path}", ""), gone=True)
        self._until(lambda: self._get(path.partition("&")[0])[0] == 404, f"{path.partition('?')[0]} is still there")

    def _purge(self, vault: str, region: str) -> None:
        path = f"{self._client.subscription}/providers/Microsoft.KeyVault/locations/{region}/deletedVaults/{vault}"
        version = f"?api-version={VERSIONS[VAULT]}"
        self._done(self._client.send("POST", f"{ARM}{path}/purge{version}", ""), gone=True)
        self._until(lambda: self._get(f"{path}{version}")[0] == 404, f"the name {vault} is still held")

    def _until(self, done: Any, problem: str) -> None:
        wait, until = FIRST_WAIT, time.monotonic() + PATIENCE
        while not done():
            if time.monotonic() > until:
                raise Unknown(f"{problem} after {PATIENCE:.0f} s")
            time.sleep(wait)
            wait = min(wait * 1.5, LONGEST_WAIT)

    def _get(self, path: str) -> tuple[int, Any]:
        return self._client.send("GET", f"{ARM}{path}", "")

    def _done(self, answer: tuple[int, Any], gone: bool = False) -> None:
        """Raises Unknown with the service's words where it refused."""
        status, found = answer
        if status not in (200, 201, 202, 204) and not (gone and status == 404):
            expected(status, found)
