"""Endpoint on AWS: a SageMaker real-time endpoint, one production variant for each of the spec's.

A model and an endpoint configuration cannot be changed: each version is a resource of its own name, beside the old one.
The endpoint is moved by EndpointRollout, and what it no longer runs goes last.
"""

import hashlib
import json
from typing import Any

import pulumi_aws as aws
from pulumi import FileAsset, Output, ResourceOptions

from infra import tags
from infra.aws import existing, keys, network
from infra.aws.foundation import Foundation
from infra.aws.storage import Storage
from infra.bringing import LOG_GROUP
from infra.brought import Network
from infra.capabilities.endpoint import EndpointComponent, EndpointSpec, Variant, image_reference
from infra.package import PackageRef
from trifold.plugin.resources.sagemaker import EndpointRollout, EndpointRolloutArgs

DIMENSION = "sagemaker:variant:DesiredInstanceCount"
LOG_DAYS = 30
# Requests a minute and instance at which Auto Scaling adds one; measure before raising it.
TARGET_REQUESTS = 1000
# SageMaker's own bounds for the start-up and download timeouts.
SHORTEST, LONGEST = 60, 3600


class Endpoint(EndpointComponent):
    """A packaged model behind a SageMaker endpoint."""

    def __init__(
        self,
        name: str,
        spec: EndpointSpec,
        *,
        foundation: Foundation,
        storage: Storage,
        opts: ResourceOptions | None = None,
    ) -> None:
        super().__init__("trifold:aws:Endpoint", name, None, opts)
        self._name, self._spec, self._foundation, self._storage = name, spec, foundation, storage
        self.image = image_reference(foundation.registry, spec.image)
        self._log_group()
        models = {package.digest: self._model(package) for package in spec.packages}
        config = self._configuration(models)
        endpoint = aws.sagemaker.Endpoint(
            f"{name}-endpoint",
            name=self._endpoint_name,
            endpoint_config_name=config.name,
            tags=dict(spec.tags),
            opts=ResourceOptions(parent=self, depends_on=self._logs, ignore_changes=["endpointConfigName"]),
        )
        if private := foundation.brought.network:
            self._may_invoke(private, endpoint)
        rollout = self._rollout(endpoint, config)
        for variant in spec.variants:
            if variant.autoscaled:
                self._scaling(variant, rollout)
        region = foundation.account.region
        self.name = rollout.endpoint_name
        self.id = endpoint.arn
        self.url = Output.concat(
            f"https://runtime.sagemaker.{region}.amazonaws.com/endpoints/", endpoint.name, "/invocations"
        )
        self.archive = Output.concat(storage.url, "/", spec.object_key(spec.variants[0].package))
        self.variants = tuple(variant.name for variant in spec.variants)
        self.promise()

    @property
    def _endpoint_name(self) -> str:
        return self._spec.names("endpoint")

    def _log_group(self) -> None:
        """SageMaker would make it itself, and would then need the right to, and keep the logs for ever."""
        self._logs, arn = [], self._foundation.brought.existing.logs
        if not arn:
            made = aws.cloudwatch.LogGroup(
                f"{self._name}-logs",
                name=LOG_GROUP.format(self._endpoint_name),
                retention_in_days=LOG_DAYS,
                kms_key_id=self._foundation.key or None,
                tags=dict(self._spec.tags),
                opts=ResourceOptions(parent=self),
            )
            self._logs = [made]
        group = existing.log_group(arn, self) if arn else self._logs[0].arn
        self._may_log = aws.iam.RolePolicy(
            f"{self._name}-may-log",
            role=self._foundation.role,
            policy=_log_policy(group),
            opts=ResourceOptions(parent=self),
        )

    def _model(self, package: PackageRef) -> aws.sagemaker.Model:
        """The archive in the store, the right to read it, and the model that names it."""
        spec, version = self._spec, f"{self._spec.version(package)}{self._settings_hash()}"
        archive = aws.s3.BucketObjectv2(
            f"{self._name}-archive-{package.short}",
            bucket=self._storage.name,
            key=spec.object_key(package),
            source=FileAsset(str(package.archive)),
            content_type="application/gzip",
            **keys.of_object(self._foundation.key),
            tags=tags.own(spec.tags_for(package)),
            opts=ResourceOptions(parent=self, depends_on=self._storage.ready),
        )
        may_read = aws.iam.RolePolicy(
            f"{self._name}-may-read-{package.short}",
            role=self._foundation.role,
            policy=_read_policy(archive.arn),
            opts=ResourceOptions(parent=self),
        )
        return aws.sagemaker.Model(
            f"{self._name}-model-{version}",
            name=spec.names("model", package.name, version),
            execution_role_arn=self._foundation.identity,
            primary_container={
                "image": self.image,
                "model_data_url": Output.concat("s3://", archive.bucket, "/", archive.key),
                # An empty map is none: left out, so that no provider sees a difference between the two.
                **({"environment": self._environment()} if self._environment() else {}),
            },
            **network.of_model(self._foundation.brought.network),
            tags=spec.tags_for(package),
            # SageMaker reads the archive when the model is made.
            opts=ResourceOptions(parent=self, depends_on=[may_read, self._may_log]),
        )

    def _environment(self) -> dict[str, str]:
        """What the server is told beside what SageMaker tells it."""
        return dict(self._spec.environment)

    def _settings_hash(self) -> str:
        """Of what a model says beside package and image. One that says no more keeps the name it always had."""
        inside = network.of_model(self._foundation.brought.network)
        return _short([self._environment(), inside] if inside else self._environment())

    def _configuration(self, models: dict[str, aws.sagemaker.Model]) -> aws.sagemaker.EndpointConfiguration:
        """Its name is made of all it says: a change of a weight is a new configuration, too."""
        spec = self._spec
        said = [self._production_variant(one, self._model_name(one.package)) for one in spec.variants]
        key = self._foundation.key
        version = f"{spec.version(spec.variants[0].package)}{_short([*said, key] if key else said)}"
        return aws.sagemaker.EndpointConfiguration(
            f"{self._name}-configuration-{version}",
            name=spec.names("configuration", "", version),
            production_variants=[
                self._production_variant(one, models[one.package.digest].name) for one in spec.variants
            ],
            # What encrypts the instances' disks.
            kms_key_arn=key or None,
            # Data capture (request logging) is off: it is only there where a configuration asks for it.
            tags=dict(spec.tags),
            opts=ResourceOptions(parent=self),
        )

    def _model_name(self, package: PackageRef) -> str:
        version = f"{self._spec.version(package)}{self._settings_hash()}"
        return self._spec.names("model", package.name, version)

    def _production_variant(self, variant: Variant, model: Any) -> Any:
        """The spec's request timeout, concurrency and probe period have no setting here: SageMaker holds a request to
        60 seconds, passes on what comes, and pings every 5 seconds for 2."""
        start = min(max(self._spec.probe.start, SHORTEST), LONGEST)
        return {
            "variant_name": variant.name,
            "model_name": model,
            "instance_type": variant.size,
            "initial_instance_count": variant.count,
            "initial_variant_weight": float(variant.weight),
            "container_startup_health_check_timeout_in_seconds": start,
            "model_data_download_timeout_in_seconds": start,
        }

    def _may_invoke(self, private: Network, endpoint: aws.sagemaker.Endpoint) -> None:
        """Attached to nobody: for callers of the endpoint."""
        aws.iam.Policy(
            f"{self._name}-may-invoke",
            description="To ask one endpoint, from its network only.",
            policy=network.may_invoke(private, endpoint.arn),
            path=self._foundation.brought.role.path,
            tags=dict(self._spec.tags),
            opts=ResourceOptions(parent=self),
        )

    def _rollout(
        self, endpoint: aws.sagemaker.Endpoint, config: aws.sagemaker.EndpointConfiguration
    ) -> EndpointRollout:
        autoscaled = any(variant.autoscaled for variant in self._spec.variants)
        # An autoscaled count is the load's to decide; without autoscaling the program decides it. Weights are its own.
        decided = ["DesiredWeight"] if autoscaled else ["DesiredWeight", "DesiredInstanceCount"]
        return EndpointRollout(
            f"{self._name}-rollout",
            EndpointRolloutArgs(
                endpoint_name=endpoint.name,
                endpoint_config_name=config.name,
                account_id=self._foundation.account.id,
                region=self._foundation.account.region,
                exclude_retained_properties=decided,
            ),
            opts=ResourceOptions(parent=self),
        )

    def _scaling(self, variant: Variant, rollout: EndpointRollout) -> None:
        """Bounds, and a policy that keeps the requests an instance gets near a target."""
        target = aws.appautoscaling.Target(
            f"{self._name}-bounds-{variant.name}",
            service_namespace="sagemaker",
            scalable_dimension=DIMENSION,
            resource_id=Output.concat("endpoint/", rollout.endpoint_name, f"/variant/{variant.name}"),
            min_capacity=variant.minimum,
            max_capacity=variant.maximum,
            tags=dict(self._spec.tags),
            opts=ResourceOptions(parent=self),
        )
        aws.appautoscaling.Policy(
            f"{self._name}-scaling-{variant.name}",
            service_namespace=target.service_namespace,
            scalable_dimension=target.scalable_dimension,
            resource_id=target.resource_id,
            policy_type="TargetTrackingScaling",
            target_tracking_scaling_policy_configuration={
                "target_value": float(TARGET_REQUESTS),
                "predefined_metric_specification": {"predefined_metric_type": "SageMakerVariantInvocationsPerInstance"},
            },
            opts=ResourceOptions(parent=self),
        )


def _short(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:4]


def _read_policy(archive: Output[str]) -> Output[str]:
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": archive}
    return Output.json_dumps({"Version": "2012-10-17", "Statement": [statement]})


def _log_policy(group: Output[str]) -> Output[str]:
    """Streams are named by SageMaker (variant/instance), so all of this one group's; metrics have no resource.

    CloudWatch Logs asks for a group by an ARN that goes on, ":log-stream:": the group's own would let nobody in.
    """
    statements = [
        {
            "Effect": "Allow",
            "Action": ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
            "Resource": Output.concat(group, ":log-stream:*"),
        },
        {
            "Effect": "Allow",
            "Action": "cloudwatch:PutMetricData",
            "Resource": "*",
            "Condition": {"StringEquals": {"cloudwatch:namespace": "/aws/sagemaker/Endpoints"}},
        },
    ]
    return Output.json_dumps({"Version": "2012-10-17", "Statement": statements})
