"""The one project, its policy (cloudresourcemanager.v1 and v3), and its services (serviceusage.v1)."""

import uuid
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from trifold.local.gcp.api.access import Access
from trifold.local.gcp.api.errors import denied, not_found
from trifold.local.gcp.api.hostile.activation import Activation
from trifold.local.gcp.api.hostile.limits import CPUS, MOST_CPUS
from trifold.local.gcp.api.wire import Call
from trifold.local.gcp.cloud import LOCATION, NUMBER, PROJECT, SERVICE_HOSTS

CREATED = "2026-01-01T00:00:00.000Z"
NAMES = (PROJECT, NUMBER)


class Projects:
    def __init__(self, access: Access) -> None:
        self._access = access

    def handlers(self) -> dict[str, Any]:
        return {
            "projects.get": self.get,
            "projects.getIamPolicy": self.get_policy,
            "projects.setIamPolicy": self.set_policy,
            "projects.testIamPermissions": self.test_permissions,
        }

    def get(self, call: Call) -> Any:
        self._check(call)
        if call.raw.path.startswith("/v3/"):
            return {
                "name": f"projects/{NUMBER}",
                "projectId": PROJECT,
                "state": "ACTIVE",
                "displayName": PROJECT,
                "createTime": CREATED,
                "updateTime": CREATED,
                "etag": 'W/"local"',
            }
        return {
            "projectNumber": NUMBER,
            "projectId": PROJECT,
            "lifecycleState": "ACTIVE",
            "name": PROJECT,
            "createTime": CREATED,
        }

    def get_policy(self, call: Call) -> Any:
        self._check(call)
        return self._access.project.now

    def set_policy(self, call: Call) -> Any:
        self._check(call)
        return self._access.replace(self._access.project, call.body.get("policy", {}))

    def test_permissions(self, call: Call) -> Any:
        self._check(call)
        asked = call.body.get("permissions", [])
        held = [one for one in asked if self._access.allows(call.caller, one)]
        return {"permissions": held} if held else {}

    def _check(self, call: Call) -> None:
        """A project that is not ours and one that does not exist are the same to a caller, as with Google."""
        asked = next(value for name, value in call.path.items() if name in ("projectId", "projectsId", "resource"))
        if asked not in NAMES:
            raise denied("resourcemanager.projects.get", f"//cloudresourcemanager.googleapis.com/projects/{asked}")


class Services:
    """On a friendly cloud all services are on, and a project's list is only kept so that enabling and disabling reads
    back. activation: what is on where it is not."""

    def __init__(self, activation: Activation | None = None) -> None:
        self._known = tuple(f"{service}.googleapis.com" for service in SERVICE_HOSTS)
        self._enabled = set(self._known)
        self._activation = activation
        self._operations: dict[str, tuple[str, Sequence[str], bool]] = {}

    def handlers(self) -> dict[str, Any]:
        return {
            "services.get": self.get,
            "services.list": self.list,
            "services.enable": self.enable,
            "services.disable": self.disable,
            "services.batchEnable": self.batch_enable,
            "operations.get": self.operation,
            "services.consumerQuotaMetrics.get": self.quota,
        }

    def get(self, call: Call) -> Any:
        return self._view(self._name(call))

    def list(self, call: Call) -> Any:
        wanted = call.query.get("filter", "")
        shown = [self._view(name) for name in sorted(self._known)]
        return {"services": [one for one in shown if not wanted or wanted == f"state:{one['state']}"]}

    def enable(self, call: Call) -> Any:
        return self._changed("EnableService", [self._name(call)], on=True)

    def disable(self, call: Call) -> Any:
        return self._changed("DisableService", [self._name(call)], on=False)

    def batch_enable(self, call: Call) -> Any:
        names = [self._checked(name) for name in call.body.get("serviceIds", [])]
        return self._changed("BatchEnableServices", names, on=True)

    def operation(self, call: Call) -> Any:
        name = f"operations/{call.path['operationsId']}"
        if name not in self._operations:
            raise not_found(f"Operation {name} not found")
        return self._shown(name)

    def quota(self, call: Call) -> Any:
        """The one metric that an endpoint counts against, in the one location."""
        metric = call.path["consumerQuotaMetricsId"]
        if metric != CPUS:
            raise not_found(f"Quota metric {metric} not found.")
        name = f"projects/{NUMBER}/services/aiplatform.googleapis.com/consumerQuotaMetrics/{quote(CPUS, safe='')}"
        limit = str(MOST_CPUS)
        bucket = {"effectiveLimit": limit, "defaultLimit": limit, "dimensions": {"region": LOCATION}}
        unit = "1/{project}/{region}"
        shown = {"name": f"{name}/limits/%2Fproject%2Fregion", "metric": CPUS, "unit": unit, "quotaBuckets": [bucket]}
        return {
            "name": name,
            "metric": CPUS,
            "unit": "1",
            "displayName": "Custom model serving CPUs per region",
            "consumerQuotaLimits": [shown],
        }

    def _name(self, call: Call) -> str:
        return self._checked(call.path["servicesId"])

    def _checked(self, name: str) -> str:
        if name not in self._known:
            raise not_found(f"Service {name} not found or permission denied.")
        return name

    def _view(self, name: str) -> dict[str, Any]:
        state = "ENABLED" if self._is_on(name) else "DISABLED"
        parent = f"projects/{NUMBER}"
        return {"name": f"{parent}/services/{name}", "config": {"name": name}, "state": state, "parent": parent}

    def _is_on(self, name: str) -> bool:
        if self._activation is None:
            return name in self._enabled
        return self._activation.enabled(name.removesuffix(".googleapis.com"))

    def _changed(self, kind: str, names: Sequence[str], on: bool) -> dict[str, Any]:
        """Switch services on or off; the operation that does it."""
        for name in names:
            (self._enabled.add if on else self._enabled.discard)(name)
            if self._activation is not None:
                plain = name.removesuffix(".googleapis.com")
                (self._activation.enable if on else self._activation.disable)(plain)
        operation = f"operations/acat.p2-{NUMBER}-{uuid.uuid4()}"
        self._operations[operation] = (kind, names, on)
        return self._shown(operation)

    def _shown(self, operation: str) -> dict[str, Any]:
        """An operation; what is done at once has no name to ask for."""
        kind, names, on = self._operations[operation]
        if any(self._is_on(name) != on for name in names):
            return {"name": operation, "done": False}
        views = [self._view(name) for name in names]
        response = {"services": views} if kind.startswith("Batch") else {"service": views[0]}
        packed = {"@type": f"type.googleapis.com/google.api.serviceusage.v1.{kind}Response", **response}
        name = "operations/noop.DONE_OPERATION" if self._activation is None else operation
        return {"name": name, "done": True, "response": packed}
