"""SageMaker models, endpoint configurations and endpoints."""

import time
from collections.abc import Mapping
from typing import Any

from trifold.local.aws.provider.base import gone, lower, pairs, tag_changes, unpaired, upper
from trifold.local.aws.provider.retries import again
from trifold.local.aws.provider.session import Session
from trifold.local.resource import Resource, supports
from trifold.protocol.declaration import Autoname, NotInitialized, ResourceType, Values

MISSING = "ValidationException"
NOT_FOUND = "Could not find"
WAIT_SECONDS = 3600
LOOK_SECONDS = 0.2
MOVING = ("Creating", "Updating", "SystemUpdating", "RollingBack", "Deleting")


class Tagged(Resource):
    """A SageMaker resource with a name and tags."""

    def _tags(self, client: Any, arn: str) -> dict[str, str]:
        pages = client.get_paginator("list_tags").paginate(ResourceArn=arn)
        return unpaired(tag for page in pages for tag in page["Tags"])

    def retag(self, session: Session, old: Values, inputs: Values) -> None:
        client = session.client("sagemaker", inputs.get("region"))
        put, removed = tag_changes(session, old, inputs)
        if put:
            client.add_tags(ResourceArn=old["arn"], Tags=pairs(put))
        if removed:
            client.delete_tags(ResourceArn=old["arn"], TagKeys=removed)

    def update(self, session: Session, id: str, old: Values, inputs: Values) -> Values:
        """Only tags change in place."""
        self.retag(session, old, inputs)
        return self.look(session, id, inputs) or inputs

    def find(self, session: Session, inputs: Values) -> str | None:
        return inputs.get("name")


class Model(Tagged):
    supported = supports("executionRoleArn primaryContainer enableNetworkIsolation name region tags vpcConfig")

    def make(self, session: Session, inputs: Values) -> str:
        container = dict(inputs.get("primaryContainer") or {})
        environment = container.pop("environment", None)
        given = {
            "ModelName": inputs["name"],
            "ExecutionRoleArn": inputs["executionRoleArn"],
            "PrimaryContainer": {**upper(container), **({"Environment": environment} if environment else {})},
            "EnableNetworkIsolation": bool(inputs.get("enableNetworkIsolation")),
            "Tags": pairs(session.tags(inputs)),
            **({"VpcConfig": upper(inputs["vpcConfig"])} if inputs.get("vpcConfig") else {}),
        }
        client = session.client("sagemaker", inputs.get("region"))
        again(lambda: client.create_model(**given), "ValidationException")
        return inputs["name"]

    def look(self, session: Session, id: str, inputs: Values) -> Values | None:
        client = session.client("sagemaker", inputs.get("region"))
        found = gone(lambda: client.describe_model(ModelName=id), MISSING, word=NOT_FOUND)
        if found is None:
            return None
        container = dict(found["PrimaryContainer"])
        environment = container.pop("Environment", {})
        return {
            **session.tag_outputs(self._tags(client, found["ModelArn"])),
            "name": id,
            "arn": found["ModelArn"],
            "executionRoleArn": found["ExecutionRoleArn"],
            "enableNetworkIsolation": found.get("EnableNetworkIsolation", False),
            "primaryContainer": {**lower(container), "environment": environment},
            "containers": [],
            "inferenceExecutionConfig": {"mode": ""},
            **({"vpcConfig": lower(found["VpcConfig"])} if found.get("VpcConfig") else {}),
            "region": session.region,
        }

    def delete(self, session: Session, id: str, outputs: Values) -> None:
        client = session.client("sagemaker", outputs.get("region"))
        gone(lambda: client.delete_model(ModelName=id), MISSING, word=NOT_FOUND)


class EndpointConfiguration(Tagged):
    supported = supports("name productionVariants region tags")

    def make(self, session: Session, inputs: Values) -> str:
        session.client("sagemaker", inputs.get("region")).create_endpoint_config(
            EndpointConfigName=inputs["name"],
            ProductionVariants=upper(inputs["productionVariants"]),
            Tags=pairs(session.tags(inputs)),
        )
        return inputs["name"]

    def look(self, session: Session, id: str, inputs: Values) -> Values | None:
        client = session.client("sagemaker", inputs.get("region"))
        found = gone(lambda: client.describe_endpoint_config(EndpointConfigName=id), MISSING, word=NOT_FOUND)
        if found is None:
            return None
        return {
            **session.tag_outputs(self._tags(client, found["EndpointConfigArn"])),
            "name": id,
            "namePrefix": "",
            "arn": found["EndpointConfigArn"],
            "productionVariants": lower(found["ProductionVariants"]),
            "executionRoleArn": "",
            "region": session.region,
        }

    def delete(self, session: Session, id: str, outputs: Values) -> None:
        client = session.client("sagemaker", outputs.get("region"))
        gone(lambda: client.delete_endpoint_config(EndpointConfigName=id), MISSING, word=NOT_FOUND)


class Endpoint(Tagged):
    supported = supports("endpointConfigName name region tags")

    def make(self, session: Session, inputs: Values) -> str:
        client = session.client("sagemaker", inputs.get("region"))
        name = inputs["name"]
        client.create_endpoint(
            EndpointName=name, EndpointConfigName=inputs["endpointConfigName"], Tags=pairs(session.tags(inputs))
        )
        return name

    def settle(self, session: Session, id: str, inputs: Values) -> None:
        self._settled(session, session.client("sagemaker", inputs.get("region")), id, inputs)

    def _settled(self, session: Session, client: Any, name: str, inputs: Values) -> None:
        """Wait until it serves; one that failed is kept, with the reason."""
        found = wait(client, name)
        if found and found["EndpointStatus"] != "InService":
            reason = f"unexpected state '{found['EndpointStatus']}': {found.get('FailureReason', 'no reason given')}"
            outputs = self.look(session, name, inputs) or inputs
            raise NotInitialized(name, inputs, outputs, f"waiting for SageMaker endpoint ({name}): {reason}")

    def look(self, session: Session, id: str, inputs: Values) -> Values | None:
        client = session.client("sagemaker", inputs.get("region"))
        found = describe(client, id)
        if found is None or found["EndpointStatus"] == "Deleting":
            return None
        return {
            **session.tag_outputs(self._tags(client, found["EndpointArn"])),
            "name": id,
            "arn": found["EndpointArn"],
            "endpointConfigName": found["EndpointConfigName"],
            "region": session.region,
        }

    def update(self, session: Session, id: str, old: Values, inputs: Values) -> Values:
        """As the official provider: it waits for InService and does not look what then runs (so it says "updated"
        after a rollback)."""
        client = session.client("sagemaker", inputs.get("region"))
        self.retag(session, old, inputs)
        if inputs["endpointConfigName"] != old.get("endpointConfigName"):
            client.update_endpoint(EndpointName=id, EndpointConfigName=inputs["endpointConfigName"])
            self._settled(session, client, id, inputs)
        return self.look(session, id, inputs) or inputs

    def delete(self, session: Session, id: str, outputs: Values) -> None:
        client = session.client("sagemaker", outputs.get("region"))
        wait(client, id)
        gone(lambda: client.delete_endpoint(EndpointName=id), MISSING, word=NOT_FOUND)
        wait(client, id)


def describe(client: Any, name: str) -> Mapping[str, Any] | None:
    return gone(lambda: client.describe_endpoint(EndpointName=name), MISSING, word=NOT_FOUND)


def wait(client: Any, name: str) -> Mapping[str, Any] | None:
    """The endpoint once it moves no more; None once it is gone."""
    end = time.monotonic() + WAIT_SECONDS
    while (found := describe(client, name)) and found["EndpointStatus"] in MOVING:
        if time.monotonic() > end:
            raise TimeoutError(f"endpoint {name} is still {found['EndpointStatus']} after {WAIT_SECONDS} s")
        time.sleep(LOOK_SECONDS)
    return found


def _type(module: str, name: str, operations: Resource) -> ResourceType:
    arguments = {"endpointConfiguration": "endpoint_configuration"}.get(module, module)
    return ResourceType(
        f"aws:sagemaker/{module}:{name}",
        f"pulumi_aws.sagemaker.{arguments}:{name}Args",
        operations,
        autoname=Autoname("name", 63),
    )


TYPES = (
    _type("model", "Model", Model()),
    _type("endpointConfiguration", "EndpointConfiguration", EndpointConfiguration()),
    _type("endpoint", "Endpoint", Endpoint()),
)
