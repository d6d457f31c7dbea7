"""SageMaker: moving an endpoint to a configuration, and believing it only once the endpoint says so itself.

SageMaker rolls a failed deployment back and the endpoint is InService again, which the official provider takes for
success (terraform-provider-aws#48997, #46663); and its update sets autoscaled counts back (#48990).
"""

import time
from collections.abc import Mapping
from typing import Any

from trifold.errors import UserError
from trifold.protocol.declaration import ResourceType, Values

MOVING = ("Creating", "Updating", "SystemUpdating", "RollingBack", "Deleting")
IN_SERVICE, FAILED = "InService", "Failed"
WAIT_SECONDS = 3600.0
FIRST_LOOK, LONGEST_LOOK = 0.1, 10.0
# "Please retry", says SageMaker of this reason: seconds before each further try.
NO_CAPACITY = "InsufficientInstanceCapacity"
CAPACITY_PAUSES = (1.0, 30.0, 120.0)
AGAIN = "mend the package or the settings, and bring the stack up again; what served before still does"


class RolloutFailed(UserError):
    """The endpoint does not run what was asked for; says what it runs, and SageMaker's reason."""


class EndpointRollouts:
    """The id is the endpoint's name. Creating and updating are the same: the endpoint then runs the configuration."""

    def create(self, session: Any, inputs: Values) -> tuple[str, Values]:
        return inputs["endpointName"], _roll_out(session, inputs)

    def update(self, session: Any, id: str, old: Values, inputs: Values) -> Values:
        return _roll_out(session, inputs)

    def read(self, session: Any, id: str, inputs: Values) -> tuple[str, Values, Values] | None:
        found = _describe(_client(session, inputs), id)
        if found is None:
            return None
        now = {**inputs, "endpointName": id, "endpointConfigName": found["EndpointConfigName"]}
        return id, now, _outputs(now, found)

    def delete(self, session: Any, id: str, outputs: Values) -> None:
        """The endpoint and the configuration are other resources; nothing is undone."""


def _roll_out(session: Any, inputs: Values) -> Values:
    client, name, wanted = _client(session, inputs), inputs["endpointName"], inputs["endpointConfigName"]
    found = _settled(client, name)
    _check_account(inputs, found)
    found = _moved(client, inputs, found)
    for pause in CAPACITY_PAUSES:
        if not _is_short(found, wanted):
            break
        time.sleep(pause)
        found = _moved(client, inputs, found)
    _check(found, wanted)
    return _outputs(inputs, found)


def _moved(client: Any, inputs: Values, found: Mapping[str, Any]) -> Mapping[str, Any]:
    """The endpoint after one try to have it run what is wanted."""
    name, wanted = inputs["endpointName"], inputs["endpointConfigName"]
    if found["EndpointStatus"] == FAILED:
        return _again(client, found, wanted)
    if found["EndpointConfigName"] == wanted:
        return found
    _update(client, inputs)
    return _settled(client, name)


def _is_short(found: Mapping[str, Any], wanted: str) -> bool:
    """Whether it does not run what is wanted because AWS had no instances just then."""
    runs = found["EndpointStatus"] == IN_SERVICE and found["EndpointConfigName"] == wanted
    return not runs and NO_CAPACITY in found.get("FailureReason", "")


def _update(client: Any, inputs: Values) -> None:
    excluded = [{"VariantPropertyType": one} for one in inputs.get("excludeRetainedProperties") or []]
    client.update_endpoint(
        EndpointName=inputs["endpointName"],
        EndpointConfigName=inputs["endpointConfigName"],
        RetainAllVariantProperties=True,
        **({"ExcludeRetainedVariantProperties": excluded} if excluded else {}),
    )


def _again(client: Any, failed: Mapping[str, Any], config: str) -> Mapping[str, Any]:
    """A failed endpoint serves nobody, and can only be deleted: it is made once more under its name, with its tags."""
    name = failed["EndpointName"]
    pages = client.get_paginator("list_tags").paginate(ResourceArn=failed["EndpointArn"])
    tags = [tag for page in pages for tag in page["Tags"] if not tag["Key"].startswith("aws:")]
    client.delete_endpoint(EndpointName=name)
    _wait(client, name)
    client.create_endpoint(EndpointName=name, EndpointConfigName=config, Tags=tags)
    return _settled(client, name)


def _check(found: Mapping[str, Any], wanted: str) -> None:
    name, reason = found["EndpointName"], found.get("FailureReason") or "SageMaker gave no reason"
    where = f"{found['EndpointArn']}, its logs in /aws/sagemaker/Endpoints/{name}"
    if found["EndpointStatus"] != IN_SERVICE:
        state = found["EndpointStatus"]
        raise RolloutFailed(f"endpoint {name} is {state}, not in service with {wanted}: {reason}", where, AGAIN)
    if found["EndpointConfigName"] != wanted:
        what = f"it still runs {found['EndpointConfigName']}, not {wanted}: {reason}"
        raise RolloutFailed(f"SageMaker rolled endpoint {name} back: {what}", where, AGAIN)


def _check_account(inputs: Values, found: Mapping[str, Any]) -> None:
    account, arn = inputs.get("accountId"), found["EndpointArn"]
    if account and arn.split(":")[4] != account:
        what = f"the credentials in use reach {arn}, which is not of account {account}"
        raise RolloutFailed(what, next=f"use credentials of {account}: AWS_PROFILE, or the AWS_* variables")


def _settled(client: Any, name: str) -> Mapping[str, Any]:
    found = _wait(client, name)
    if found is None:
        raise RolloutFailed(f"there is no endpoint {name}")
    return found


def _wait(client: Any, name: str) -> Mapping[str, Any] | None:
    """The endpoint once it moves no more; None once it is gone. Looks often at first, as a local cloud is quick."""
    end, pause = time.monotonic() + WAIT_SECONDS, FIRST_LOOK
    while (found := _describe(client, name)) and found["EndpointStatus"] in MOVING:
        if time.monotonic() > end:
            raise RolloutFailed(f"endpoint {name} is still {found['EndpointStatus']} after {WAIT_SECONDS:.0f} s")
        time.sleep(pause)
        pause = min(pause * 1.3, LONGEST_LOOK)
    return found


def _describe(client: Any, name: str) -> Mapping[str, Any] | None:
    from botocore.exceptions import ClientError

    try:
        return client.describe_endpoint(EndpointName=name)
    except ClientError as error:
        said = error.response["Error"]
        if said["Code"] == "ValidationException" and "Could not find" in said["Message"]:
            return None
        raise


def _outputs(inputs: Values, found: Mapping[str, Any]) -> Values:
    return {**inputs, "endpointArn": found["EndpointArn"], "endpointStatus": found["EndpointStatus"]}


def _client(session: Any, inputs: Values) -> Any:
    region = inputs.get("region")

    def make() -> Any:
        import boto3

        return boto3.Session(region_name=region).client("sagemaker")

    return session.once(("sagemaker", region), make)


TYPES = (
    ResourceType(
        "trifold:sagemaker:EndpointRollout",
        "trifold.plugin.resources.sagemaker:EndpointRolloutArgs",
        EndpointRollouts(),
        replace=("endpointName", "region", "accountId"),
        volatile=("endpointStatus",),
    ),
)
