"""Endpoint on Google Cloud: a Vertex AI endpoint, one deployed model for each of the spec's variants.

A model version cannot be changed: each is a resource of its own name, beside the old one. ModelDeployment deploys what
is new beside the old and moves the traffic; what the endpoint no longer serves goes last.
"""

import hashlib
import json

import pulumi_gcp as gcp
from pulumi import FileAsset, Output, ResourceOptions

from infra.capabilities.endpoint import EndpointComponent, EndpointSpec, Variant, image_reference
from infra.gcp import keys, network
from infra.gcp.foundation import Foundation
from infra.gcp.storage import Storage
from infra.package import PackageRef
from trifold.plugin.resources.vertex import DeploymentArgs, Model, ModelArgs, ModelDeployment, ModelDeploymentArgs

PORT = 8080
PREDICT, HEALTH = "/predict", "/health"


class Endpoint(EndpointComponent):
    """A packaged model behind a Vertex AI endpoint."""

    def __init__(
        self,
        name: str,
        spec: EndpointSpec,
        *,
        foundation: Foundation,
        storage: Storage,
        opts: ResourceOptions | None = None,
    ) -> None:
        super().__init__("trifold:gcp:Endpoint", name, None, opts)
        self._name, self._spec, self._foundation, self._storage = name, spec, foundation, storage
        self.image = image_reference(foundation.registry, spec.image)
        self._may_read = self._grant()
        models = {package.digest: self._model(package) for package in spec.packages}
        endpoint = self._endpoint()
        deployment = ModelDeployment(
            f"{name}-deployment",
            ModelDeploymentArgs(
                endpoint=endpoint.id,
                deployments=[self._deployment(one, models[one.package.digest]) for one in spec.variants],
            ),
            opts=ResourceOptions(parent=self, depends_on=[self._may_read]),
        )
        region = foundation.account.region
        # Whoever asks for the endpoint's name gets it once it serves.
        self.name = Output.all(endpoint.name, deployment.endpoint).apply(lambda both: str(both[0]))
        self.id = deployment.endpoint
        # A private endpoint has no name that leads to it: what the network's address is, the network says.
        host = "" if foundation.brought.network else f"https://{region}-aiplatform.googleapis.com"
        self.url = Output.concat(f"{host}/v1/", deployment.endpoint, ":predict")
        self.archive = Output.concat(storage.url, "/", spec.object_key(spec.variants[0].package))
        self.variants = tuple(variant.name for variant in spec.variants)
        self.promise()

    def _grant(self) -> gcp.storage.BucketIAMMember:
        """Servers read the model's files, in this one bucket, and nothing else."""
        return gcp.storage.BucketIAMMember(
            f"{self._name}-may-read",
            bucket=self._storage.name,
            role="roles/storage.objectViewer",
            member=self._foundation.member,
            opts=ResourceOptions(parent=self),
        )

    def _endpoint(self) -> gcp.vertex.AiEndpoint:
        spec, account = self._spec, self._foundation.account
        return gcp.vertex.AiEndpoint(
            f"{self._name}-endpoint",
            name=spec.names.number("endpoint"),
            display_name=spec.names("endpoint"),
            project=account.id,
            location=account.region,
            # The region's shared host: 1.5 MB and 60 seconds a request, which is what all three clouds can promise. A
            # dedicated host takes 10 MB and an hour, and clients must be told to use it.
            dedicated_endpoint_enabled=False,
            **network.of_endpoint(self._foundation.brought.network),
            **keys.of_endpoint(self._foundation.key),
            # Request logging is off: it is only there where an endpoint asks for it.
            labels=dict(spec.tags),
            opts=ResourceOptions(parent=self, depends_on=self._foundation.services),
        )

    def _model(self, package: PackageRef) -> Model:
        """The archive in the store, and the model version that names its folder."""
        spec, account = self._spec, self._foundation.account
        version = f"{spec.version(package)}{self._settings_hash()}"
        archive = gcp.storage.BucketObject(
            f"{self._name}-archive-{package.short}",
            bucket=self._storage.name,
            name=spec.object_key(package),
            source=FileAsset(str(package.archive)),
            content_type="application/gzip",
            **keys.of_named(self._foundation.key),
            opts=ResourceOptions(parent=self),
        )
        folder = archive.output_name.apply(lambda key: key.rpartition("/")[0])
        return Model(
            f"{self._name}-model-{version}",
            ModelArgs(
                project=account.id,
                location=account.region,
                model_id=spec.names("model", package.name),
                display_name=spec.names("model", package.name),
                version_aliases=[f"v-{version}"],
                artifact_uri=Output.concat("gs://", archive.bucket, "/", folder),
                image=self.image,
                port=PORT,
                predict_route=PREDICT,
                health_route=HEALTH,
                environment=self._environment(),
                # Vertex AI probes the health route by itself; what can be set without a probe command is how long
                # a server may take until it is healthy. It has no setting for the spec's concurrency, and none for
                # its request timeout where the host is shared.
                deployment_timeout=spec.probe.start,
                **keys.of_model(self._foundation.key),
                labels=spec.tags_for(package),
            ),
            # Vertex AI copies the archive when the version is uploaded; the servers read the copy by the same grant.
            opts=ResourceOptions(parent=self, depends_on=[self._may_read, *self._foundation.services]),
        )

    def _environment(self) -> dict[str, str]:
        """What the server is told beside what Vertex AI tells it."""
        return dict(self._spec.environment)

    def _settings_hash(self) -> str:
        """Of what a version says beside package and image. One that says no more keeps the name it always had."""
        said = [self._environment(), self._spec.probe.start, *([self._foundation.key] if self._foundation.key else [])]
        settings = json.dumps(said, sort_keys=True)
        return hashlib.sha256(settings.encode()).hexdigest()[:4]

    def _deployment(self, variant: Variant, model: Model) -> DeploymentArgs:
        return DeploymentArgs(
            name=variant.name,
            model=model.version_name,
            weight=variant.weight,
            machine_type=variant.size,
            # Vertex AI starts with the least number of replicas; it has no other number to start with.
            min_replicas=variant.minimum if variant.autoscaled else variant.count,
            max_replicas=variant.maximum if variant.autoscaled else variant.count,
            service_account=self._foundation.identity,
            access_logging=False,
        )
