"""The one project, its policy (cloudresourcemanager.v1 and v3), and its services (serviceusage.v1)."""

from typing import Any
from urllib.parse import quote

from trifold.local.gcp.api.access import Access
from trifold.local.gcp.api.errors import denied, not_found
from trifold.local.gcp.api.wire import Call
from trifold.local.gcp.cloud import LOCATION, NUMBER, PROJECT, SERVICE_HOSTS

CREATED = "2026-01-01T00:00:00.000Z"
NAMES = (PROJECT, NUMBER)
CPUS, LIMIT = "aiplatform.googleapis.com/custom_model_serving_cpus", "20"


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
    """All of this cloud's services are on; a project's list is kept so that enabling and disabling reads back."""

    def __init__(self) -> None:
        self._known = tuple(f"{service}.googleapis.com" for service in SERVICE_HOSTS)
        self._enabled = set(self._known)

    def handlers(self) -> dict[str, Any]:
        return {
            "services.get": self.get,
            "services.list": self.list,
            "services.enable": self.enable,
            "services.disable": self.disable,
            "services.batchEnable": self.batch_enable,
            "services.consumerQuotaMetrics.get": self.quota,
        }

    def get(self, call: Call) -> Any:
        return self._view(self._name(call))

    def list(self, call: Call) -> Any:
        wanted = call.query.get("filter", "")
        shown = [self._view(name) for name in sorted(self._known)]
        return {"services": [one for one in shown if not wanted or wanted == f"state:{one['state']}"]}

    def enable(self, call: Call) -> Any:
        name = self._name(call)
        self._enabled.add(name)
        return self._done("EnableServiceResponse", {"service": self._view(name)})

    def disable(self, call: Call) -> Any:
        name = self._name(call)
        self._enabled.discard(name)
        return self._done("DisableServiceResponse", {"service": self._view(name)})

    def batch_enable(self, call: Call) -> Any:
        names = [self._checked(name) for name in call.body.get("serviceIds", [])]
        self._enabled.update(names)
        return self._done("BatchEnableServicesResponse", {"services": [self._view(name) for name in names]})

    def quota(self, call: Call) -> Any:
        """The one metric that an endpoint counts against, in the one location."""
        metric = call.path["consumerQuotaMetricsId"]
        if metric != CPUS:
            raise not_found(f"Quota metric {metric} not found.")
        name = f"projects/{NUMBER}/services/aiplatform.googleapis.com/consumerQuotaMetrics/{quote(CPUS, safe='')}"
        bucket = {"effectiveLimit": LIMIT, "defaultLimit": LIMIT, "dimensions": {"region": LOCATION}}
        unit = "1/{project}/{region}"
        limit = {"name": f"{name}/limits/%2Fproject%2Fregion", "metric": CPUS, "unit": unit, "quotaBuckets": [bucket]}
        return {
            "name": name,
            "metric": CPUS,
            "unit": "1",
            "displayName": "Custom model serving CPUs per region",
            "consumerQuotaLimits": [limit],
        }

    def _name(self, call: Call) -> str:
        return self._checked(call.path["servicesId"])

    def _checked(self, name: str) -> str:
        if name not in self._known:
            raise not_found(f"Service {name} not found or permission denied.")
        return name

    def _view(self, name: str) -> dict[str, Any]:
        state = "ENABLED" if name in self._enabled else "DISABLED"
        parent = f"projects/{NUMBER}"
        return {"name": f"{parent}/services/{name}", "config": {"name": name}, "state": state, "parent": parent}

    def _done(self, kind: str, response: dict[str, Any]) -> dict[str, Any]:
        packed = {"@type": f"type.googleapis.com/google.api.serviceusage.v1.{kind}", **response}
        return {"name": "operations/noop.DONE_OPERATION", "done": True, "response": packed}
