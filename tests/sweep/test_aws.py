"""AWS against the local one's API: what carries the tags is found whatever its service, and goes whatever is in it."""

import itertools
import json
from datetime import UTC, datetime, timedelta

import pytest

from tests.local.aws.conftest import TRUST, aws  # noqa: F401
from trifold.doctor.aws import Client
from trifold.errors import UserError
from trifold.local.aws.cloud import ACCOUNT, REGION
from trifold.sweep.aws import BUCKET, BUDGET, LOGS, REPOSITORY, ROLE, Cloud
from trifold.sweep.judge import Wish, going, judged
from trifold.sweep.run import found_in, remove
from trifold.sweep.thing import Place, asked_of

NUMBERS = itertools.count(1)
TODAY = datetime.now(UTC).date()


class Here(Client):
    """The sweep's client of the API in this process."""

    def __init__(self, place, aws):  # noqa: F811
        super().__init__(asked_of(place))
        self._aws = aws

    def __call__(self, service):
        return self._aws.client(service)


@pytest.fixture
def place():
    """A project of the test's own: the API is the session's."""
    return Place("aws", ACCOUNT, REGION, f"sweep{next(NUMBERS)}")


@pytest.fixture
def cloud(place, aws):  # noqa: F811
    return Cloud(place, Here(place, aws))


@pytest.fixture
def made(place, aws):  # noqa: F811
    """One of each kind, of the stack "gone", full of what makes it hard to delete."""
    name, tags = place.project, {"project": place.project, "stack": "gone"}
    pairs = [{"Key": key, "Value": value} for key, value in tags.items()]
    s3, iam = aws.client("s3"), aws.client("iam")
    s3.create_bucket(Bucket=name)
    s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": pairs})
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    for content in (b"one", b"two"):
        s3.put_object(Bucket=name, Key="folder/object", Body=content)
    s3.delete_object(Bucket=name, Key="folder/object")
    aws.client("ecr").create_repository(repositoryName=f"{name}/images", tags=pairs)
    aws.client("logs").create_log_group(logGroupName=f"/aws/sagemaker/Endpoints/{name}", tags=tags)
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=TRUST, Tags=pairs)
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{name}/*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam.put_role_policy(RoleName=name, PolicyName="inline", PolicyDocument=policy)
    budget = {"BudgetName": name, "BudgetType": "COST", "TimeUnit": "MONTHLY",
              "BudgetLimit": {"Amount": "10", "Unit": "USD"}}  # fmt: skip
    aws.client("budgets").create_budget(AccountId=ACCOUNT, Budget=budget, ResourceTags=pairs)
    return name


def test_what_carries_the_tags_is_found_whatever_its_service(place, cloud, made):
    found = found_in(place, cloud)
    assert {one.type for one in found} == {BUCKET, REPOSITORY, LOGS, ROLE, BUDGET}
    assert {one.name for one in found} == {made, f"{made}/images", f"/aws/sagemaker/Endpoints/{made}"}
    assert {one.stack for one in found} == {"gone"}


def test_ids_are_those_of_the_state(place, cloud, made):
    ids = {one.type: one.id for one in found_in(place, cloud)}
    assert ids[BUCKET] == f"arn:aws:s3:::{made}"
    assert ids[LOGS] == f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/aws/sagemaker/Endpoints/{made}"
    assert ids[ROLE] == f"arn:aws:iam::{ACCOUNT}:role/{made}"


def test_a_named_stack_alone_is_looked_for(place, aws, made):  # noqa: F811
    other = Place(place.cloud, place.account, place.region, place.project, ("other",))
    assert found_in(other, Cloud(other, Here(other, aws))) == []


def test_another_projects_things_are_never_found(place, aws, made):  # noqa: F811
    other = Place(place.cloud, place.account, place.region, "another")
    assert found_in(other, Cloud(other, Here(other, aws))) == []


def test_all_of_it_goes_with_what_is_in_it(place, cloud, made):
    verdicts = judged(place, found_in(place, cloud), [], TODAY)
    assert remove(cloud, going(verdicts, Wish()), purge=False) == {}
    assert len(found_in(place, cloud)) == 5, "its stack was not named"
    assert remove(cloud, going(verdicts, Wish(("gone",))), purge=False) == {}
    assert found_in(place, cloud) == []
    # What went in the meantime is no failure.
    assert remove(cloud, going(verdicts, Wish(("gone",))), purge=False) == {}


def test_one_that_is_refused_stops_no_other(place, cloud, made, aws):  # noqa: F811
    denial = {"Effect": "Deny", "Principal": "*", "Action": "s3:DeleteBucket", "Resource": f"arn:aws:s3:::{made}"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [denial]})
    aws.client("s3").put_bucket_policy(Bucket=made, Policy=policy)
    failed = remove(cloud, judged(place, found_in(place, cloud), [], TODAY), purge=False)
    assert list(failed) == [f"arn:aws:s3:::{made}"] and "AccessDenied" in failed[f"arn:aws:s3:::{made}"]
    assert [one.type for one in found_in(place, cloud)] == [BUCKET]


class Recorded:
    """An endpoint of some age, and what CloudWatch says of it, as AWS words both."""

    def __init__(self, days, sums):
        self._made, self._sums = datetime.now(UTC) - timedelta(days=days), sums

    def describe_endpoint(self, EndpointName):
        return {"EndpointName": "Flights", "EndpointConfigName": "config", "CreationTime": self._made,
                "ProductionVariants": [{"VariantName": "main", "CurrentInstanceCount": 2}]}  # fmt: skip

    def describe_endpoint_config(self, EndpointConfigName):
        return {"ProductionVariants": [{"VariantName": "main", "InstanceType": "ml.t2.medium"}]}

    def get_metric_statistics(self, **asked):
        assert asked["Namespace"] == "AWS/SageMaker" and asked["MetricName"] == "Invocations"
        if self._sums is None:
            from botocore.exceptions import EndpointConnectionError

            raise EndpointConnectionError(endpoint_url="https://monitoring.us-east-1.amazonaws.com")
        return {"Datapoints": [{"Sum": one} for one in self._sums]}


@pytest.mark.parametrize(
    ("days", "sums", "requests"),
    [(30, [], 0.0), (30, [1.0, 2.0], 3.0), (30, None, None), (1, [], None)],
    ids=["idle", "asked", "not known", "young"],
)
def test_an_endpoint_is_idle_when_cloudwatch_has_counted_nothing(place, days, sums, requests):
    recorded = Recorded(days, sums)
    cloud = Cloud(place, lambda service: recorded)
    found = cloud._endpoint("arn:aws:sagemaker:us-east-1:0:endpoint/flights", "flights", {})
    assert (found.name, found.instances, found.requests) == ("Flights", (("ml.t2.medium", 2),), requests)


def test_another_account_than_the_pinned_one_is_not_looked_at(place, aws, monkeypatch):  # noqa: F811
    from trifold.sweep import aws as module
    from trifold.sweep.run import open_place

    monkeypatch.setattr(module, "Client", lambda ask: Here(place, aws))
    assert open_place(place).account() == ACCOUNT
    other = Place("aws", "123456789012", REGION, place.project)
    with pytest.raises(UserError, match=f"the credentials are of {ACCOUNT}, and 123456789012 is to be swept"):
        open_place(other)
