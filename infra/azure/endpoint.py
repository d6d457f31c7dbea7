"""Endpoint on Azure: an Azure ML managed online endpoint, one deployment for each of the spec's variants.

A model version and a deployment of it carry the digests in their names: each version is a resource beside the old one.
The traffic is EndpointTraffic's alone: it moves once the new deployments serve, and the old ones go last.
"""

import hashlib
import json
from typing import Any

import pulumi
from pulumi import FileAsset, Output, ResourceOptions
from pulumi_azure_native import machinelearningservices as ml
from pulumi_azure_native import storage as blobs

from infra import tags
from infra.azure import autoscale, live, network, roles, workspace
from infra.azure.foundation import Foundation
from infra.azure.storage import Storage
from infra.capabilities.endpoint import EndpointComponent, EndpointSpec, Variant, image_reference
from infra.errors import UnsupportedCapability
from infra.package import PackageRef
from trifold.plugin.resources.azureml import EndpointTraffic, EndpointTrafficArgs

# What the kit's server listens on and answers on Azure ML: docs/serving.md.
PORT, LIVENESS, READINESS, SCORING = 5001, "/", "/ready", "/score"
QUEUE_SECONDS = 5
LONGEST_REQUEST = 180


class Endpoint(EndpointComponent):
    """A packaged model behind a managed online endpoint."""

    def __init__(
        self,
        name: str,
        spec: EndpointSpec,
        *,
        foundation: Foundation,
        storage: Storage,
        opts: ResourceOptions | None = None,
    ) -> None:
        super().__init__("trifold:azure:Endpoint", name, None, opts)
        self._name, self._spec, self._foundation, self._storage = name, spec, foundation, storage
        self._child = ResourceOptions(parent=self)
        _refuse(spec)
        self.image = image_reference(foundation.registry, spec.image)
        self._workspace = workspace.make(name, spec, foundation, storage, parent=self)
        read = self._may_read()
        models = {package.digest: self._model(package) for package in spec.packages}
        environment = self._environment()
        endpoint = self._endpoint()
        deployments = [
            self._deployment(endpoint, variant, models[variant.package.digest], environment, read)
            for variant in spec.variants
        ]
        for variant, deployment in zip(spec.variants, deployments, strict=True):
            if variant.autoscaled:
                autoscale.follow_the_load(
                    f"{name}-scaling-{variant.name}-{spec.version(variant.package)}",
                    variant,
                    deployment.id,
                    self._foundation,
                    spec.tags_for(variant.package),
                    self._child,
                )
        traffic = self._traffic(endpoint, deployments)
        self.name = traffic.endpoint_name
        self.id = endpoint.id
        self.url = endpoint.properties.apply(lambda found: found.scoring_uri)
        self.archive = Output.concat(storage.url, "/", spec.object_key(spec.variants[0].package))
        self.variants = tuple(variant.name for variant in spec.variants)
        self.promise()

    def _may_read(self) -> pulumi.Resource:
        """The right to read the packages comes before the deployment that needs it."""
        container = self._storage.container
        granted = roles.grant(
            f"{self._name}-may-read",
            identity=f"{self._foundation.expected_identity}/reads",
            role=roles.BLOB_READER,
            principal=self._foundation.principal,
            scope=container,
            subscription=self._foundation.account.id,
            opts=self._child,
        )
        return roles.in_effect(
            f"{self._name}-reads", granted, role=roles.BLOB_READER, scope=container, opts=self._child
        )

    def _model(self, package: PackageRef) -> ml.ModelVersion:
        """The archive in the store, and the model version that names it."""
        spec, version = self._spec, self._spec.version(package)
        archive = blobs.Blob(
            f"{self._name}-archive-{package.short}",
            blob_name=spec.object_key(package),
            account_name=self._storage.account_name,
            container_name=self._storage.name,
            resource_group_name=self._storage.group,
            source=FileAsset(str(package.archive)),
            content_type="application/gzip",
            metadata=tags.own(spec.tags_for(package)),
            opts=ResourceOptions(parent=self, depends_on=self._storage.ready),
        )
        uri = workspace.model_uri(self._foundation.account.id, self._workspace, spec.object_key(package))
        return ml.ModelVersion(
            f"{self._name}-model-{version}",
            name=spec.names("model", package.name),
            version=version,
            resource_group_name=self._workspace.group,
            workspace_name=self._workspace.name,
            properties={"model_uri": uri, "model_type": "custom_model", "tags": spec.tags_for(package)},
            opts=ResourceOptions(parent=self, depends_on=[archive]),
        )

    def _environment(self) -> ml.EnvironmentVersion:
        """The image, and the routes of the server in it."""
        version = _short([self._spec.image, PORT, LIVENESS, READINESS, SCORING])
        return ml.EnvironmentVersion(
            f"{self._name}-environment-{version}",
            name=self._spec.names("environment"),
            version=version,
            resource_group_name=self._workspace.group,
            workspace_name=self._workspace.name,
            properties={
                "image": self.image,
                "os_type": ml.OperatingSystemType.LINUX,
                "tags": dict(self._spec.tags),
                "inference_config": {
                    "liveness_route": {"path": LIVENESS, "port": PORT},
                    "readiness_route": {"path": READINESS, "port": PORT},
                    "scoring_route": {"path": SCORING, "port": PORT},
                },
            },
            opts=self._child,
        )

    def _endpoint(self) -> ml.OnlineEndpoint:
        """Its traffic is left alone; where a run changes the endpoint itself, the present weights are sent along."""
        spec, foundation = self._spec, self._foundation
        public = network.of_endpoint(foundation.brought.network)
        wanted = live.Wanted(dict(spec.tags), foundation.expected_identity, self._workspace.expected, public.value)
        present = live.traffic_to_keep(spec.names, wanted, self)
        properties: dict[str, Any] = {
            "auth_mode": ml.EndpointAuthMode.KEY,
            "public_network_access": public,
        }
        ignored = ["properties.traffic", "properties.mirrorTraffic"]
        return ml.OnlineEndpoint(
            f"{self._name}-endpoint",
            endpoint_name=spec.names("endpoint"),
            resource_group_name=self._workspace.group,
            workspace_name=self._workspace.name,
            location=foundation.account.region,
            kind="Managed",
            identity={
                "type": ml.ManagedServiceIdentityType.USER_ASSIGNED,
                "user_assigned_identities": [foundation.identity],
            },
            properties=ml.OnlineEndpointPropertiesArgs(**properties, traffic=present),
            tags=dict(spec.tags),
            opts=ResourceOptions(parent=self, ignore_changes=[] if present else ignored),
        )

    def _deployment(
        self,
        endpoint: ml.OnlineEndpoint,
        variant: Variant,
        model: ml.ModelVersion,
        environment: ml.EnvironmentVersion,
        read: pulumi.Resource,
    ) -> ml.OnlineDeployment:
        spec = self._spec
        version = spec.version(variant.package)
        return ml.OnlineDeployment(
            f"{self._name}-deployment-{variant.name}-{version}",
            deployment_name=self._deployment_name(variant),
            endpoint_name=endpoint.name,
            resource_group_name=self._workspace.group,
            workspace_name=self._workspace.name,
            location=self._foundation.account.region,
            kind="Managed",
            sku=ml.SkuArgs(name="Default", capacity=variant.count),
            properties=ml.ManagedOnlineDeploymentArgs(
                endpoint_compute_type="Managed",
                model=model.id,
                environment_id=environment.id,
                environment_variables=dict(spec.environment),
                instance_type=variant.size,
                request_settings=ml.OnlineRequestSettingsArgs(
                    request_timeout=_duration(spec.request_timeout),
                    max_concurrent_requests_per_instance=spec.concurrency,
                    max_queue_wait=_duration(QUEUE_SECONDS),
                ),
                liveness_probe=self._probe(),
                readiness_probe=self._probe(),
                scale_settings=ml.DefaultScaleSettingsArgs(scale_type="Default"),
                # Request logging.
                app_insights_enabled=False,
                # In a private network this does not apply, see network.py: the workspace's own network decides.
                egress_public_network_access=ml.EgressPublicNetworkAccessType.ENABLED,
            ),
            tags=spec.tags_for(variant.package),
            # The number of instances of an autoscaled deployment is the load's.
            opts=ResourceOptions(
                parent=self, depends_on=[read], ignore_changes=["sku.capacity"] if variant.autoscaled else []
            ),
        )

    def _deployment_name(self, variant: Variant) -> str:
        return self._spec.names("deployment", variant.name, self._spec.version(variant.package))

    def _probe(self) -> ml.ProbeSettingsArgs:
        """The platform probes from the start, so its patience is what a start may take."""
        probe = self._spec.probe
        return ml.ProbeSettingsArgs(
            initial_delay=_duration(probe.period),
            period=_duration(probe.period),
            timeout=_duration(probe.timeout),
            failure_threshold=max(probe.failures, -(-probe.start // probe.period)),
            success_threshold=1,
        )

    def _traffic(self, endpoint: ml.OnlineEndpoint, deployments: list[ml.OnlineDeployment]) -> EndpointTraffic:
        spec = self._spec
        weights = {self._deployment_name(variant): variant.weight for variant in spec.variants if variant.weight}
        shut = ["private"] if self._foundation.brought.network else []
        return EndpointTraffic(
            f"{self._name}-traffic",
            EndpointTrafficArgs(
                subscription_id=self._foundation.account.id,
                resource_group_name=self._workspace.group,
                workspace_name=self._workspace.name,
                endpoint_name=endpoint.name,
                traffic=weights,
                # Where the endpoint itself changes, the weights are set once more.
                endpoint_settings=_short([dict(spec.tags), self._foundation.expected_identity, *shut]),
            ),
            opts=ResourceOptions(parent=self, depends_on=[endpoint, *deployments]),
        )


def _refuse(spec: EndpointSpec) -> None:
    if spec.request_timeout > LONGEST_REQUEST:
        raise UnsupportedCapability(
            "Azure ML",
            f"requests of {spec.request_timeout} s",
            f"a managed online endpoint ends them after {LONGEST_REQUEST} s",
            "a shorter trifold:requestTimeout, or a batch endpoint",
            "https://learn.microsoft.com/azure/machine-learning/how-to-manage-quotas",
        )


def _duration(seconds: int) -> str:
    """ISO 8601 as Azure itself spells it (PT1M30S), so that a refresh finds what the program says."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    parts = ((hours, "H"), (minutes, "M"), (rest, "S"))
    return "PT" + ("".join(f"{number}{letter}" for number, letter in parts if number) or "0S")


def _short(said: Any) -> str:
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:12]
