"""Models and endpoint configurations: what may be made, and how it is described."""

import asyncio
import re
from collections.abc import Mapping
from typing import Any

from trifold.local.aws.api.emulator import Emulator, Role
from trifold.local.aws.api.errors import validation
from trifold.local.aws.api.rights import denies, permits, trusts
from trifold.local.aws.api.sagemaker import words
from trifold.local.aws.api.sagemaker.archive import location
from trifold.local.aws.api.sagemaker.listing import listed
from trifold.local.aws.api.sagemaker.records import EndpointConfig, Model, Store, arn
from trifold.local.aws.api.sagemaker.tags import Tags
from trifold.local.aws.api.wire import Call

PRINCIPAL = "sagemaker.amazonaws.com"
IMAGE = re.compile(r"(?P<account>\d{12})\.dkr\.ecr\.(?P<region>[\w-]+)\.amazonaws\.com/(?P<name>[^:@]+)")
# What the guide to SageMaker's roles lists for CreateModel, of the image's repository and of the registry.
LAYERS = ("ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")
TOKEN = "ecr:GetAuthorizationToken"


class Models:
    def __init__(self, emulator: Emulator, store: Store[Model], tags: Tags) -> None:
        self._emulator, self._store, self._tags = emulator, store, tags

    async def create(self, call: Call) -> Mapping[str, Any]:
        given = {"EnableNetworkIsolation": False, **call.parameters}
        tags = given.pop("Tags", [])
        container = given.get("PrimaryContainer") or {}
        if not container.get("Image"):
            raise validation("Either PrimaryContainer or Containers must be set, with an Image.")
        if self._store.find(given["ModelName"]) is None:
            await asyncio.to_thread(self._check_access, given.get("ExecutionRoleArn", ""), container)
        given["PrimaryContainer"] = {"Mode": "SingleModel", **container}
        identifier = self._store.add(Model(given["ModelName"], given))
        self._tags.put(identifier, tags)
        return {"ModelArn": identifier}

    def _check_access(self, role_arn: str, container: Mapping[str, Any]) -> None:
        """The role trusts SageMaker, may pull the image and read the model data, and the data is there."""
        role = self._emulator.role(role_arn)
        if role is None or not trusts(role.trust, PRINCIPAL):
            raise validation(words.no_role(role_arn))
        if not _may_pull(role, container["Image"]):
            raise validation(words.no_pull(role_arn, container["Image"]))
        url = container.get("ModelDataUrl")
        if not url:
            return
        bucket, key = location(url)
        resource = f"arn:aws:s3:::{bucket}/{key}"
        policy = self._emulator.bucket_policy(bucket)
        denied = policy is not None and denies(policy, role_arn, "s3:GetObject", resource)
        if denied or not permits(role.policies, "s3:GetObject", resource):
            raise validation(words.no_access(url, role_arn))
        if not self._emulator.has_object(bucket, key):
            raise validation(words.no_data(url))

    async def describe(self, call: Call) -> Mapping[str, Any]:
        found = self._store.get(call.parameters["ModelName"])
        return {**found.given, "ModelArn": arn("model", found.name), "CreationTime": found.created}

    async def delete(self, call: Call) -> Mapping[str, Any]:
        name = call.parameters["ModelName"]
        self._store.remove(name)
        self._tags.drop(arn("model", name))
        return {}

    async def page(self, call: Call) -> Mapping[str, Any]:
        return listed(self._store.all(), call.parameters, "Models", _model_summary)


class EndpointConfigs:
    def __init__(self, store: Store[EndpointConfig], models: Store[Model], tags: Tags) -> None:
        self._store, self._models, self._tags = store, models, tags

    async def create(self, call: Call) -> Mapping[str, Any]:
        given = dict(call.parameters)
        tags = given.pop("Tags", [])
        variants = [{"InitialVariantWeight": 1.0, **variant} for variant in given["ProductionVariants"]]
        _check_variants(variants)
        for variant in variants:
            self._models.get(variant["ModelName"])
        identifier = self._store.add(
            EndpointConfig(given["EndpointConfigName"], {**given, "ProductionVariants": variants})
        )
        self._tags.put(identifier, tags)
        return {"EndpointConfigArn": identifier}

    async def describe(self, call: Call) -> Mapping[str, Any]:
        found = self._store.get(call.parameters["EndpointConfigName"])
        identifier = arn("endpoint-config", found.name)
        return {**found.given, "EndpointConfigArn": identifier, "CreationTime": found.created}

    async def delete(self, call: Call) -> Mapping[str, Any]:
        name = call.parameters["EndpointConfigName"]
        self._store.remove(name)
        self._tags.drop(arn("endpoint-config", name))
        return {}

    async def page(self, call: Call) -> Mapping[str, Any]:
        return listed(self._store.all(), call.parameters, "EndpointConfigs", _config_summary)


def _may_pull(role: Role, image: str) -> bool:
    """Whether a role may pull an image of ECR; any other needs no right."""
    found = IMAGE.match(image)
    if found is None:
        return True
    repository = "arn:aws:ecr:{region}:{account}:repository/{name}".format(**found.groupdict())
    needed = [(TOKEN, "*"), *((action, repository) for action in LAYERS)]
    return all(permits(role.policies, action, on) for action, on in needed)


def _check_variants(variants: list[dict[str, Any]]) -> None:
    names = [variant["VariantName"] for variant in variants]
    if len(set(names)) != len(names):
        raise validation("Duplicate variant names are not allowed in an endpoint configuration.")
    for variant in variants:
        if not variant.get("InstanceType") or not variant.get("InitialInstanceCount"):
            raise validation(
                f"InstanceType and InitialInstanceCount are required for variant {variant['VariantName']}."
            )


def _model_summary(model: Model) -> Mapping[str, Any]:
    return {"ModelName": model.name, "ModelArn": arn("model", model.name), "CreationTime": model.created}


def _config_summary(config: EndpointConfig) -> Mapping[str, Any]:
    identifier = arn("endpoint-config", config.name)
    return {"EndpointConfigName": config.name, "EndpointConfigArn": identifier, "CreationTime": config.created}
