"""A SageMaker endpoint from model to answer, and what goes wrong on the way, in the vendor's words."""

import json
import os
import signal
import threading
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local.aws.conftest import World, archive, wait_for


def test_an_endpoint_serves_what_its_archive_holds(world: World) -> None:
    world.model("one")
    settled = world.create(world.config("c", one=1))
    assert settled["EndpointStatus"] == "InService"
    assert settled["ProductionVariants"][0]["CurrentInstanceCount"] == 1
    answer = world.ask({"instances": []})
    assert answer["Body"]["says"] == "one"
    assert answer["InvokedProductionVariant"] == "one"
    assert answer["CustomAttributes"] == "says=one"
    assert "x-not-passed-on" not in answer["ResponseMetadata"]["HTTPHeaders"]


def test_weights_and_target_variant_route(world: World) -> None:
    world.model("one")
    world.model("two")
    world.create(world.config("c", one=1, two=3))
    said = [world.ask()["Body"]["says"] for _ in range(120)]
    assert 0.5 < said.count("two") / len(said) < 0.95
    assert {world.ask(TargetVariant="one")["Body"]["says"] for _ in range(5)} == {"one"}
    world.sagemaker.update_endpoint_weights_and_capacities(
        EndpointName=world.name,
        DesiredWeightsAndCapacities=[
            {"VariantName": "one", "DesiredWeight": 0},
            {"VariantName": "two", "DesiredInstanceCount": 2},
        ],
    )
    settled = world.settled()
    assert [one["CurrentInstanceCount"] for one in settled["ProductionVariants"]] == [1, 2]
    assert {world.ask()["Body"]["says"] for _ in range(20)} == {"two"}


def test_no_request_fails_while_an_endpoint_is_updated(world: World) -> None:
    world.model("one")
    world.model("two")
    world.create(world.config("a", one=1))
    said, failures, done = [], [], threading.Event()

    def call() -> None:
        while not done.is_set():
            try:
                said.append(world.ask({"sleep": 0.02})["Body"]["says"])
            except Exception as failure:
                failures.append(failure)

    callers = [threading.Thread(target=call) for _ in range(4)]
    for caller in callers:
        caller.start()
    wait_for(lambda: said)
    world.sagemaker.update_endpoint(EndpointName=world.name, EndpointConfigName=world.config("b", two=1))
    assert world.describe()["PendingDeploymentSummary"]["EndpointConfigName"].endswith("-b")
    settled = world.settled()
    wait_for(lambda: said[-1] == "two")
    done.set()
    for caller in callers:
        caller.join()
    assert failures == []
    assert settled["EndpointConfigName"].endswith("-b")


def test_a_failed_update_is_rolled_back_and_the_old_one_serves(world: World) -> None:
    world.model("one")
    world.model("bad", broken="")
    world.create(world.config("a", one=1))
    world.sagemaker.update_endpoint(EndpointName=world.name, EndpointConfigName=world.config("b", bad=1))
    settled = world.settled()
    assert settled["EndpointStatus"] == "InService"
    assert settled["EndpointConfigName"].endswith("-a")
    assert "production variant bad did not pass the ping health check" in settled["FailureReason"]
    assert settled["FailureReason"].endswith("Its last line: the model is broken on purpose")
    assert world.ask()["Body"]["says"] == "one"


def test_an_update_keeps_scaled_counts_and_weights_if_asked_to(world: World) -> None:
    world.model("one")
    world.model("two")
    world.create(world.config("a", one=1, two=1))
    world.sagemaker.update_endpoint_weights_and_capacities(
        EndpointName=world.name,
        DesiredWeightsAndCapacities=[{"VariantName": "one", "DesiredInstanceCount": 2, "DesiredWeight": 5}],
    )
    world.settled()
    world.sagemaker.update_endpoint(
        EndpointName=world.name,
        EndpointConfigName=world.config("b", one=1, two=1),
        RetainAllVariantProperties=True,
        ExcludeRetainedVariantProperties=[{"VariantPropertyType": "DesiredWeight"}],
    )
    one = world.settled()["ProductionVariants"][0]
    assert (one["CurrentInstanceCount"], one["CurrentWeight"]) == (2, 1.0)


def test_a_killed_server_is_reported_and_started_again(world: World) -> None:
    world.model("one")
    world.create(world.config("a", one=1))
    pid = world.ask()["Body"]["pid"]
    os.kill(pid, signal.SIGKILL)
    variant: dict[str, Any] = wait_for(lambda: unwell(world))
    assert "did not pass the ping health check" in variant["VariantStatus"][0]["StatusMessage"]
    assert variant["CurrentInstanceCount"] == 0
    assert world.describe()["EndpointStatus"] == "InService"
    wait_for(lambda: world.describe()["ProductionVariants"][0]["CurrentInstanceCount"] == 1)
    assert world.ask()["Body"]["pid"] != pid


def unwell(world: World) -> dict[str, Any] | None:
    variant = world.describe()["ProductionVariants"][0]
    return variant if "VariantStatus" in variant else None


@pytest.mark.parametrize(
    ("status", "words"), [(400, "Received client error (400)"), (500, "Received server error (500)")]
)
def test_container_errors_are_model_errors(world: World, status: int, words: str) -> None:
    world.model("one")
    world.create(world.config("a", one=1))
    with pytest.raises(ClientError) as refused:
        world.ask({"status": status})
    answer = refused.value.response
    assert answer["Error"]["Code"] == "ModelError"
    assert words in answer["Error"]["Message"]
    assert answer["OriginalStatusCode"] == status
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 424


def test_a_server_that_dies_at_work_is_a_model_error(world: World) -> None:
    world.model("one")
    world.create(world.config("a", one=1))
    with pytest.raises(ClientError, match="Received server error"):
        world.ask({"die": True})
    assert wait_for(lambda: answered(world))["says"] == "one"


def answered(world: World) -> dict[str, Any] | None:
    try:
        return world.ask()["Body"]
    except ClientError:
        return None


def test_an_archive_that_is_none_fails_the_endpoint(world: World) -> None:
    world.model("junk", content=b"this is not an archive")
    settled = world.create(world.config("a", junk=1))
    assert settled["EndpointStatus"] == "Failed"
    assert "Failed to extract model data archive" in settled["FailureReason"]
    with pytest.raises(ClientError, match=f"Endpoint {world.name} of account 000000000000 not found"):
        world.ask()


def test_an_archive_that_leaves_its_folder_fails_the_endpoint(world: World) -> None:
    world.model("sly", content=archive(**{"../../sly": "x"}))
    assert "Failed to extract model data archive" in world.create(world.config("a", sly=1))["FailureReason"]


def test_an_archive_that_went_fails_the_endpoint(world: World) -> None:
    world.model("one")
    world.s3.delete_object(Bucket=world.bucket, Key="one/model.tar.gz")
    settled = world.create(world.config("a", one=1))
    assert settled["EndpointStatus"] == "Failed"
    assert "Please ensure that there is an object located at the URL and that the role" in settled["FailureReason"]


def test_an_unknown_image_fails_the_endpoint(world: World) -> None:
    image = f"000000000000.dkr.ecr.us-east-1.amazonaws.com/other@sha256:{'1' * 64}"
    world.model("one", image=image)
    settled = world.create(world.config("a", one=1))
    assert settled["EndpointStatus"] == "Failed"
    assert settled["FailureReason"].startswith("Please make sure all images included in the model for the production")


def test_the_log_of_a_server_is_in_cloudwatch(world: World) -> None:
    group = f"/aws/sagemaker/Endpoints/{world.name}"
    grant(world, "logs:*", f"arn:aws:logs:us-east-1:000000000000:log-group:{group}*")
    world.model("one")
    world.create(world.config("a", one=1))
    logs = world.aws.client("logs")
    stream = logs.describe_log_streams(logGroupName=group)["logStreams"][0]["logStreamName"]
    assert stream.startswith("one/i-")
    events = logs.get_log_events(logGroupName=group, logStreamName=stream)["events"]
    assert events[0]["message"] == "stub starts ['serve']"


def test_a_role_without_the_right_to_log_leaves_no_log(world: World) -> None:
    world.model("one")
    assert world.create(world.config("a", one=1))["EndpointStatus"] == "InService"
    group = f"/aws/sagemaker/Endpoints/{world.name}"
    assert world.aws.client("logs").describe_log_groups(logGroupNamePrefix=group)["logGroups"] == []


def grant(world: World, action: str, resource: str) -> None:
    statement = {"Effect": "Allow", "Action": action, "Resource": resource}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    world.iam.put_role_policy(RoleName=world.name, PolicyName="more", PolicyDocument=document)


def test_a_payload_over_25_mb_is_refused(world: World) -> None:
    with pytest.raises(ClientError, match="HTTP content length exceeded 26214400 bytes") as refused:
        world.runtime.invoke_endpoint(EndpointName="any", Body=b"x" * (25 * 1024 * 1024 + 1))
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 413


@pytest.mark.soak
def test_an_answer_that_takes_more_than_a_minute_is_a_model_error(world: World) -> None:
    world.model("one")
    world.create(world.config("a", one=1))
    with pytest.raises(ClientError, match="Your invocation timed out while waiting for a response from container"):
        world.ask({"sleep": 62})


def test_an_endpoint_in_motion_takes_no_other_change(world: World) -> None:
    world.model("one")
    world.sagemaker.create_endpoint(EndpointName=world.name, EndpointConfigName=world.config("a", one=1))
    config = world.config("b", one=1)
    with pytest.raises(ClientError, match="Cannot update in-progress endpoint"):
        world.sagemaker.update_endpoint(EndpointName=world.name, EndpointConfigName=config)
    with pytest.raises(ClientError, match="Cannot create already existing endpoint"):
        world.sagemaker.create_endpoint(EndpointName=world.name, EndpointConfigName=config)
    world.settled()


def test_what_is_missing_is_named(world: World) -> None:
    arn = "arn:aws:sagemaker:us-east-1:000000000000"
    for call, named, said in (
        (world.sagemaker.describe_model, {"ModelName": "no"}, f'Could not find model "{arn}:model/no"'),
        (world.sagemaker.delete_model, {"ModelName": "no"}, f'Could not find model "{arn}:model/no"'),
        (
            world.sagemaker.describe_endpoint_config,
            {"EndpointConfigName": "no"},
            f'Could not find endpoint configuration "{arn}:endpoint-config/no"',
        ),
        (world.sagemaker.describe_endpoint, {"EndpointName": "no"}, f'Could not find endpoint "{arn}:endpoint/no"'),
        (world.sagemaker.delete_endpoint, {"EndpointName": "no"}, f'Could not find endpoint "{arn}:endpoint/no"'),
    ):
        with pytest.raises(ClientError, match=said):
            call(**named)
    with pytest.raises(ClientError, match="Variant two not found for Request"):
        world.model("one")
        world.create(world.config("a", one=1))
        world.ask(TargetVariant="two")


def test_lists_filter_sort_and_page(world: World) -> None:
    for name in ("a", "b", "c"):
        world.model(name)
    asked = {"NameContains": world.name, "SortBy": "Name", "SortOrder": "Ascending"}
    pages = world.sagemaker.get_paginator("list_models").paginate(**asked, PaginationConfig={"PageSize": 2})
    names = [[model["ModelName"].removeprefix(f"{world.name}-") for model in page["Models"]] for page in pages]
    assert names == [["a", "b"], ["c"]]


def test_tags_are_kept_until_they_are_taken(world: World) -> None:
    world.model("one")
    arn = world.sagemaker.describe_model(ModelName=f"{world.name}-one")["ModelArn"]
    world.sagemaker.add_tags(ResourceArn=arn, Tags=[{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}])
    world.sagemaker.delete_tags(ResourceArn=arn, TagKeys=["a"])
    assert world.sagemaker.list_tags(ResourceArn=arn)["Tags"] == [{"Key": "b", "Value": "2"}]
    world.sagemaker.delete_model(ModelName=f"{world.name}-one")
    with pytest.raises(ClientError, match="Could not find resource"):
        world.sagemaker.list_tags(ResourceArn=arn)
