"""Vertex AI, for programs: a version of a model, and what an endpoint serves."""

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi

MODEL = "trifold:vertex:Model"
DEPLOYMENT = "trifold:vertex:ModelDeployment"


@pulumi.input_type
class ModelArgs:
    """What a model version takes; see Model."""

    def __init__(
        self,
        *,
        project: pulumi.Input[str],
        location: pulumi.Input[str],
        model_id: pulumi.Input[str],
        display_name: pulumi.Input[str],
        image: pulumi.Input[str],
        artifact_uri: pulumi.Input[str] | None = None,
        predict_route: pulumi.Input[str] | None = None,
        health_route: pulumi.Input[str] | None = None,
        port: pulumi.Input[int] | None = None,
        args: pulumi.Input[Sequence[pulumi.Input[str]]] | None = None,
        environment: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None = None,
        deployment_timeout: pulumi.Input[int] | None = None,
        version_aliases: pulumi.Input[Sequence[pulumi.Input[str]]] | None = None,
        description: pulumi.Input[str] | None = None,
        encryption_key: pulumi.Input[str] | None = None,
        labels: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None = None,
    ) -> None:
        _set(self, locals())

    @property
    @pulumi.getter
    def project(self) -> pulumi.Input[str]:
        return pulumi.get(self, "project")

    @property
    @pulumi.getter
    def location(self) -> pulumi.Input[str]:
        return pulumi.get(self, "location")

    @property
    @pulumi.getter(name="modelId")
    def model_id(self) -> pulumi.Input[str]:
        return pulumi.get(self, "model_id")

    @property
    @pulumi.getter(name="displayName")
    def display_name(self) -> pulumi.Input[str]:
        return pulumi.get(self, "display_name")

    @property
    @pulumi.getter
    def image(self) -> pulumi.Input[str]:
        return pulumi.get(self, "image")

    @property
    @pulumi.getter(name="artifactUri")
    def artifact_uri(self) -> pulumi.Input[str] | None:
        return pulumi.get(self, "artifact_uri")

    @property
    @pulumi.getter(name="predictRoute")
    def predict_route(self) -> pulumi.Input[str] | None:
        return pulumi.get(self, "predict_route")

    @property
    @pulumi.getter(name="healthRoute")
    def health_route(self) -> pulumi.Input[str] | None:
        return pulumi.get(self, "health_route")

    @property
    @pulumi.getter
    def port(self) -> pulumi.Input[int] | None:
        return pulumi.get(self, "port")

    @property
    @pulumi.getter
    def args(self) -> pulumi.Input[Sequence[pulumi.Input[str]]] | None:
        return pulumi.get(self, "args")

    @property
    @pulumi.getter
    def environment(self) -> pulumi.Input[Mapping[str, pulumi.Input[str]]] | None:
        return pulumi.get(self, "environment")

    @property
    @pulumi.getter(name="deploymentTimeout")
    def deployment_timeout(self) -> pulumi.Input[int] | None:
        return pulumi.get(self, "deployment_timeout")

    @property
    @pulumi.getter(name="versionAliases")
    def version_aliases(self) -> pulumi.Input[Sequence[pulumi.Input[str]]] | None:
        return pulumi.get(self, "version_aliases")

    @property
    @pulumi.getter
    def description(self) -> pulumi.Input[str] | None:
        return pulumi.get(self, "description")

    @property
    @pulumi.getter(name="encryptionKey")
    def encryption_key(self) -> pulumi.Input[str] | None:
        return pulumi.get(self, "encryption_key")

    @property
    @pulumi.getter
    def labels(self) -> pulumi.Input[Mapping[str, pulumi.Input[str]]] | None:
        return pulumi.get(self, "labels")


@pulumi.input_type
class DeploymentArgs:
    """One model version behind an endpoint; see ModelDeployment."""

    def __init__(
        self,
        *,
        name: pulumi.Input[str],
        model: pulumi.Input[str],
        weight: pulumi.Input[int],
        machine_type: pulumi.Input[str],
        min_replicas: pulumi.Input[int],
        max_replicas: pulumi.Input[int],
        service_account: pulumi.Input[str] | None = None,
        access_logging: pulumi.Input[bool] | None = None,
    ) -> None:
        _set(self, locals())

    @property
    @pulumi.getter
    def name(self) -> pulumi.Input[str]:
        return pulumi.get(self, "name")

    @property
    @pulumi.getter
    def model(self) -> pulumi.Input[str]:
        return pulumi.get(self, "model")

    @property
    @pulumi.getter
    def weight(self) -> pulumi.Input[int]:
        return pulumi.get(self, "weight")

    @property
    @pulumi.getter(name="machineType")
    def machine_type(self) -> pulumi.Input[str]:
        return pulumi.get(self, "machine_type")

    @property
    @pulumi.getter(name="minReplicas")
    def min_replicas(self) -> pulumi.Input[int]:
        return pulumi.get(self, "min_replicas")

    @property
    @pulumi.getter(name="maxReplicas")
    def max_replicas(self) -> pulumi.Input[int]:
        return pulumi.get(self, "max_replicas")

    @property
    @pulumi.getter(name="serviceAccount")
    def service_account(self) -> pulumi.Input[str] | None:
        return pulumi.get(self, "service_account")

    @property
    @pulumi.getter(name="accessLogging")
    def access_logging(self) -> pulumi.Input[bool] | None:
        return pulumi.get(self, "access_logging")


@pulumi.input_type
class ModelDeploymentArgs:
    """What an endpoint serves; see ModelDeployment."""

    def __init__(
        self, *, endpoint: pulumi.Input[str], deployments: pulumi.Input[Sequence[pulumi.Input[DeploymentArgs]]]
    ) -> None:
        _set(self, locals())

    @property
    @pulumi.getter
    def endpoint(self) -> pulumi.Input[str]:
        return pulumi.get(self, "endpoint")

    @property
    @pulumi.getter
    def deployments(self) -> pulumi.Input[Sequence[pulumi.Input[DeploymentArgs]]]:
        return pulumi.get(self, "deployments")


def _set(made: Any, given: Mapping[str, Any]) -> None:
    for name, value in given.items():
        if name != "self" and value is not None:
            pulumi.set(made, name, value)


class Model(pulumi.CustomResource):
    """One version of a model in Vertex AI's registry, uploaded with the container that serves it.

    model_id: the model's own name; versions of one model_id are versions of one model there. image: the container's
    reference. artifact_uri: a folder in Cloud Storage ("gs://bucket/folder"), copied by Vertex AI at upload. port,
    predict_route, health_route: the container's. deployment_timeout: seconds a deployment may take until it is healthy.
    version_aliases: names of this version among the model's; the first also tells an interrupted run which version
    was its own. encryption_key: of Cloud KMS, the same as the endpoint's. A change of anything but display_name,
    description and labels is another version, so give that another resource, named by what makes it another (a digest):
    it is uploaded beside this one, and this one goes last.

    Destroying it deletes the version, and with the last one the model.
    """

    def __init__(self, resource_name: str, args: ModelArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        outputs = {"name": None, "version_id": None, "version_name": None, "create_time": None}
        super().__init__(MODEL, resource_name, {**_given(args), **outputs}, opts)

    @property
    @pulumi.getter
    def project(self) -> pulumi.Output[str]:
        return pulumi.get(self, "project")

    @property
    @pulumi.getter
    def location(self) -> pulumi.Output[str]:
        return pulumi.get(self, "location")

    @property
    @pulumi.getter(name="modelId")
    def model_id(self) -> pulumi.Output[str]:
        return pulumi.get(self, "model_id")

    @property
    @pulumi.getter
    def labels(self) -> pulumi.Output[Mapping[str, str] | None]:
        return pulumi.get(self, "labels")

    @property
    @pulumi.getter
    def name(self) -> pulumi.Output[str]:
        """The model, without a version: projects/NUMBER/locations/L/models/ID."""
        return pulumi.get(self, "name")

    @property
    @pulumi.getter(name="versionId")
    def version_id(self) -> pulumi.Output[str]:
        """The version's number."""
        return pulumi.get(self, "version_id")

    @property
    @pulumi.getter(name="versionName")
    def version_name(self) -> pulumi.Output[str]:
        """The version: projects/NUMBER/locations/L/models/ID@VERSION. What a deployment takes."""
        return pulumi.get(self, "version_name")

    @property
    @pulumi.getter(name="createTime")
    def create_time(self) -> pulumi.Output[str]:
        return pulumi.get(self, "create_time")

    def translate_input_property(self, prop: str) -> str:
        """Python's name of a property, as Pulumi's."""
        return _CAMEL.get(prop, prop)

    def translate_output_property(self, prop: str) -> str:
        """Pulumi's name of a property, as Python's."""
        return _SNAKE.get(prop, prop)


class ModelDeployment(pulumi.CustomResource):
    """What an endpoint serves, and in which shares. It owns the endpoint's deployed models and its traffic: what it
    does not name is undeployed.

    endpoint: projects/P/locations/L/endpoints/E. deployments: model versions by name, each with its weight (percent,
    together 100), machine type, bounds of replicas (it scales by CPU where they differ) and the account it runs as.

    A change deploys what is new beside the old, moves the traffic when it is healthy, and undeploys the old last. If a
    new one does not become healthy the step fails with Vertex AI's reason, and the old serves throughout.
    """

    def __init__(
        self, resource_name: str, args: ModelDeploymentArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        outputs = {"deployed_models": None, "traffic_split": None}
        super().__init__(DEPLOYMENT, resource_name, {**_given(args), **outputs}, opts)

    @property
    @pulumi.getter
    def endpoint(self) -> pulumi.Output[str]:
        """The endpoint, to be referred to where something needs the new versions in service."""
        return pulumi.get(self, "endpoint")

    @property
    @pulumi.getter(name="deployedModels")
    def deployed_models(self) -> pulumi.Output[Mapping[str, str]]:
        """{name: the deployed model's id}."""
        return pulumi.get(self, "deployed_models")

    @property
    @pulumi.getter(name="trafficSplit")
    def traffic_split(self) -> pulumi.Output[Mapping[str, int]]:
        """{deployed model's id: percent}."""
        return pulumi.get(self, "traffic_split")

    def translate_input_property(self, prop: str) -> str:
        """Python's name of a property, as Pulumi's."""
        return _CAMEL.get(prop, prop)

    def translate_output_property(self, prop: str) -> str:
        """Pulumi's name of a property, as Python's."""
        return _SNAKE.get(prop, prop)


def _given(args: Any) -> dict[str, Any]:
    """The values of an argument object by Python's names."""
    names = [name for name, value in vars(type(args)).items() if isinstance(value, property)]
    return {name: pulumi.get(args, name) for name in names}


_SNAKE = {
    "modelId": "model_id",
    "displayName": "display_name",
    "artifactUri": "artifact_uri",
    "predictRoute": "predict_route",
    "healthRoute": "health_route",
    "deploymentTimeout": "deployment_timeout",
    "versionAliases": "version_aliases",
    "encryptionKey": "encryption_key",
    "versionId": "version_id",
    "versionName": "version_name",
    "createTime": "create_time",
    "deployedModels": "deployed_models",
    "trafficSplit": "traffic_split",
}
_CAMEL = {snake: camel for camel, snake in _SNAKE.items()}
