"""What a deployed model runs: the container's environment, its limits, and the words for what goes wrong.

cloud.google.com/vertex-ai/docs/predictions/custom-container-requirements is the contract.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from trifold.local.contract import Context, Server, ServerSpec, UnknownImage
from trifold.local.gcp.api.errors import GoogleError, invalid, refused
from trifold.local.gcp.api.iam import ServiceAccounts
from trifold.local.gcp.api.identity import Identities
from trifold.local.gcp.api.vertex.artifacts import SERVING
from trifold.local.gcp.api.vertex.models import Model, ModelVersion
from trifold.local.gcp.api.vertex.names import now
from trifold.local.gcp.cloud import NUMBER, PROJECT

if TYPE_CHECKING:
    from trifold.local.gcp.api.vertex.endpoint import Endpoint

PORT = 8080
STARTUP = 1800.0
LOG_END = 2000
SHARED_CORE = ("f1-micro", "g1-small", "e2-micro", "e2-small", "e2-medium")


@dataclass(frozen=True)
class Probe:
    """Seconds, except failures."""

    period: float = 10.0
    timeout: float = 5.0
    failures: int = 3


@dataclass(frozen=True)
class Plan:
    """Everything a deployed model's replicas are started from."""

    ident: str
    endpoint: str
    model: str
    version: str
    model_name: str
    meta: Mapping[str, Any]
    container: Mapping[str, Any]
    copy: str
    health: str
    predict: str
    startup: float
    probe: Probe


class Launcher:
    def __init__(self, context: Context, identities: Identities, accounts: ServiceAccounts) -> None:
        self._context, self._identities, self._accounts = context, identities, accounts
        self.hostile = context.hostile
        self._count = 0

    def plan(self, caller: str, endpoint: "Endpoint", ident: str, given: Mapping[str, Any], model: Model,
             version: ModelVersion) -> Plan:  # fmt: skip
        """What is to run. Raises what DeployModel refuses at once."""
        resources = given.get("dedicatedResources")
        if "automaticResources" in given:
            raise invalid(f"'automatic_resources' is not supported for Model {model.name}.")  # python-aiplatform#773
        if not resources:
            raise invalid("prediction_resources must be set; this Model supports DEDICATED_RESOURCES.")
        self.check_resources(resources)
        account = given.get("serviceAccount", "")
        if account and not self._accounts.may_act_as(caller, account):
            # INVALID_ARGUMENT, however it reads: googleapis/python-aiplatform#1073.
            raise invalid(f"You do not have permission to act as service_account: {account}. (or it may not exist).")
        container = version.meta["containerSpec"]
        route = f"/v1/endpoints/{endpoint.ident}/deployedModels/{ident}"
        meta = {
            **{name: value for name, value in given.items() if value},
            "id": ident,
            "model": f"{model.name}@{version.number}",
            "modelVersionId": version.number,
            "displayName": given.get("displayName") or version.meta["displayName"],
            "createTime": now(),
            "dedicatedResources": {"maxReplicaCount": resources["minReplicaCount"], **resources},
        }
        return Plan(
            ident=ident,
            endpoint=endpoint.ident,
            model=model.name,
            version=version.number,
            model_name=version.meta["displayName"],
            meta=meta,
            container=container,
            copy=version.copy,
            health=container.get("healthRoute") or route,
            predict=container.get("predictRoute") or f"{route}:predict",
            startup=_startup(container),
            probe=_probe(container.get("healthProbe", {})),
        )

    def check_resources(self, resources: Mapping[str, Any]) -> None:
        kind = resources.get("machineSpec", {}).get("machineType", "")
        if not kind:
            raise invalid("dedicated_resources.machine_spec.machine_type is required.")
        if kind in SHARED_CORE or "-" not in kind:
            raise invalid(f'Machine type "{kind}" is not supported.')
        low = int(resources.get("minReplicaCount", 0))
        if low < 1:
            raise invalid("dedicated_resources.min_replica_count must be greater than or equal to 1.")
        if int(resources.get("maxReplicaCount") or low) < low:
            raise invalid("dedicated_resources.max_replica_count must be greater than or equal to min_replica_count.")

    async def start(self, plan: Plan) -> Server:
        """One replica's process. Raises what DeployModel's operation fails with."""
        self._count += 1
        name = f"{plan.endpoint}-{plan.ident}-{self._count}"
        workspace = self._context.state / "replicas" / name
        workspace.mkdir(parents=True, exist_ok=True)
        spec = ServerSpec(
            name=name,
            image=plan.container["imageUri"],
            platform="vertex",
            environment=self._environment(plan),
            workspace=workspace,
            arguments=tuple(plan.container.get("args", ())),
            labels={"endpoint": plan.endpoint, "model": f"{plan.model_name}@{plan.version}"},
        )
        try:
            return await self._context.processes.start(spec)
        except UnknownImage as error:
            raise GoogleError("NOT_FOUND", f'Image "{plan.container["imageUri"]}" not found. {error}') from error

    def _environment(self, plan: Plan) -> dict[str, str]:
        own = {one["name"]: one.get("value", "") for one in plan.container.get("env", ())}
        port = next((one["containerPort"] for one in plan.container.get("ports", ())), PORT)
        account = plan.meta.get("serviceAccount") or SERVING
        key = self._identities.issue_key(account, PROJECT)
        return {
            **self._context.environment,
            **own,
            "GOOGLE_APPLICATION_CREDENTIALS": str(key),
            "AIP_HTTP_PORT": str(port),
            "AIP_HEALTH_ROUTE": plan.health,
            "AIP_PREDICT_ROUTE": plan.predict,
            "AIP_STORAGE_URI": plan.copy,
            "AIP_ENDPOINT_ID": plan.endpoint,
            "AIP_DEPLOYED_MODEL_ID": plan.ident,
            "AIP_MODEL_NAME": plan.endpoint,
            "AIP_VERSION_NAME": plan.ident,
            "AIP_MACHINE_TYPE": plan.meta["dedicatedResources"]["machineSpec"]["machineType"],
            "AIP_MODE": "PREDICTION",
            "AIP_MODE_VERSION": "1.0.0",
            "AIP_FRAMEWORK": "CUSTOM_CONTAINER",
            "AIP_PROJECT_NUMBER": NUMBER,
        }


def _startup(container: Mapping[str, Any]) -> float:
    """Seconds that a container has to become healthy: the shorter of the deployment's and the start-up probe's."""
    limit = float(str(container.get("deploymentTimeout") or STARTUP).removesuffix("s"))
    given = container.get("startupProbe")
    if given:
        _probe(given)
        limit = min(limit, float(given.get("periodSeconds", 10)) * int(given.get("failureThreshold", 3)))
    return limit


def _probe(given: Mapping[str, Any]) -> Probe:
    for kind in ("exec", "grpc", "tcpSocket", "httpGet"):
        if given.get(kind):
            raise refused(f"the probe kind {kind}: a probe asks the health route")
    return Probe(
        period=float(given.get("periodSeconds") or 10),
        timeout=float(given.get("timeoutSeconds") or 5),
        failures=int(given.get("failureThreshold") or 3),
    )


def terminated(plan: Plan, server: Server) -> GoogleError:
    """A container that ended by itself, as DeployModel says it (googleapis/python-aiplatform#4559), with its log's
    end. Until 2023 it was "Model server terminated: model server container terminated" (vertex-ai-samples#2254)."""
    told = _logs(plan, server.log, f"exit code {server.exit_status()}, ")
    return GoogleError("FAILED_PRECONDITION", f"Model server exited unexpectedly. {told}")


def never_ready(plan: Plan, server: Server) -> GoogleError:
    """As cloud.google.com/vertex-ai/docs/predictions/get-batch-predictions quotes it."""
    message = (
        "Model server never became ready. Please validate that your model file or container configuration are valid"
    )
    return GoogleError("FAILED_PRECONDITION", f"{message}. {_logs(plan, server.log)}")


def _logs(plan: Plan, log: Path, ended: str = "") -> str:
    """ended: how, for what runs here; Google's text leaves it to the log."""
    query = quote(f'resource.labels.endpoint_id="{plan.endpoint}"')
    where = f"https://console.cloud.google.com/logs/viewer?project={NUMBER}&resource=aiplatform.googleapis.com%2FEndpoint&advancedFilter={query}"
    end = log.read_text(errors="replace")[-LOG_END:] if log.is_file() else ""
    return f"Model server logs can be found at {where} (locally: {ended}{log}); they end:\n{end}".rstrip()
