"""EndpointRollout: up only once the endpoint runs what was asked for, against the local AWS."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.local.aws.conftest import World
from trifold.plugin.registry import Session
from trifold.plugin.sagemaker import TYPES, RolloutFailed
from trifold.protocol.declared import DeclaredProvider
from trifold.protocol.naming import Request

TOKEN = "trifold:sagemaker:EndpointRollout"


class Rollouts:
    """The type as an engine drives it, for one endpoint."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.provider = DeclaredProvider("trifold", "0", TYPES, Session)
        self.session = Session({})
        self.session.once(("sagemaker", None), lambda: world.sagemaker)

    def inputs(self, config: str, **more: Any) -> dict[str, Any]:
        given = {"endpointName": self.world.name, "endpointConfigName": config, **more}
        checked, failures = self.provider.check(self.session, TOKEN, Request("rollout", b""), {}, given)
        assert failures == []
        return checked

    def create(self, config: str, **more: Any) -> dict[str, Any]:
        return self.provider.create(self.session, TOKEN, self.inputs(config, **more))[1]

    def update(self, old: dict[str, Any], config: str, **more: Any) -> dict[str, Any]:
        return self.provider.update(self.session, TOKEN, self.world.name, old, self.inputs(config, **more))


@pytest.fixture
def rollouts(world: World) -> Iterator[Rollouts]:
    world.model("one")
    world.model("two")
    world.create(world.config("first", one=1))
    yield Rollouts(world)


def test_an_endpoint_that_runs_it_already_is_left_alone(rollouts: Rollouts) -> None:
    before = rollouts.world.describe()["LastModifiedTime"]
    outputs = rollouts.create(f"{rollouts.world.name}-first", accountId="000000000000")
    assert outputs["endpointStatus"] == "InService"
    assert outputs["endpointArn"].endswith(f"endpoint/{rollouts.world.name}")
    assert rollouts.world.describe()["LastModifiedTime"] == before


def test_it_moves_the_endpoint_and_waits_for_it(rollouts: Rollouts) -> None:
    outputs = rollouts.create(f"{rollouts.world.name}-first")
    rollouts.update(outputs, rollouts.world.config("second", two=1))
    assert rollouts.world.ask()["Body"]["says"] == "two"


def test_a_rollback_is_a_failure_with_sagemakers_reason(rollouts: Rollouts) -> None:
    world = rollouts.world
    world.model("bad", broken="")
    bad = world.config("bad", bad=1)
    with pytest.raises(
        RolloutFailed, match=f"rolled endpoint {world.name} back: it still runs {world.name}-first, not "
    ):
        rollouts.create(bad)
    with pytest.raises(RolloutFailed, match="did not pass the ping health check"):
        rollouts.create(bad)
    assert world.ask()["Body"]["says"] == "one"


def test_going_back_after_a_rollback_is_a_success(rollouts: Rollouts) -> None:
    world = rollouts.world
    world.model("bad", broken="")
    with pytest.raises(RolloutFailed):
        rollouts.create(world.config("bad", bad=1))
    assert "FailureReason" in world.describe()
    rollouts.create(f"{world.name}-first")


def test_an_autoscaled_count_is_kept(rollouts: Rollouts) -> None:
    world = rollouts.world
    scale(world, 2)
    rollouts.create(world.config("second", one=3), excludeRetainedProperties=["DesiredWeight"])
    variant = world.describe()["ProductionVariants"][0]
    assert (variant["CurrentInstanceCount"], variant["CurrentWeight"]) == (2, 3.0)


def test_a_count_the_program_decides_is_set(rollouts: Rollouts) -> None:
    world = rollouts.world
    scale(world, 2)
    rollouts.create(world.config("second", one=3), excludeRetainedProperties=["DesiredWeight", "DesiredInstanceCount"])
    assert world.describe()["ProductionVariants"][0]["CurrentInstanceCount"] == 1


def scale(world: World, count: int) -> None:
    change = [{"VariantName": "one", "DesiredInstanceCount": count}]
    world.sagemaker.update_endpoint_weights_and_capacities(EndpointName=world.name, DesiredWeightsAndCapacities=change)
    world.settled()


def test_a_failed_endpoint_is_made_again_with_its_tags(world: World) -> None:
    world.model("bad", broken="")
    world.model("good")
    assert world.create(world.config("bad", bad=1))["EndpointStatus"] == "Failed"
    arn = world.describe()["EndpointArn"]
    world.sagemaker.add_tags(ResourceArn=arn, Tags=[{"Key": "owner", "Value": "tests"}])
    Rollouts(world).create(world.config("good", good=1))
    assert world.ask()["Body"]["says"] == "good"
    assert world.sagemaker.list_tags(ResourceArn=arn)["Tags"] == [{"Key": "owner", "Value": "tests"}]


def test_another_accounts_endpoint_is_refused(rollouts: Rollouts) -> None:
    with pytest.raises(RolloutFailed, match="which is not of account 123456789012"):
        rollouts.create(rollouts.world.config("second", two=1), accountId="123456789012")
    assert rollouts.world.ask()["Body"]["says"] == "one"


def test_a_missing_endpoint_is_named(rollouts: Rollouts) -> None:
    inputs = {**rollouts.inputs("any"), "endpointName": "nowhere"}
    with pytest.raises(RolloutFailed, match="there is no endpoint nowhere"):
        rollouts.provider.create(rollouts.session, TOKEN, inputs)


def test_a_refresh_shows_what_somebody_else_did(rollouts: Rollouts) -> None:
    world = rollouts.world
    known = rollouts.inputs(f"{world.name}-first")
    world.sagemaker.update_endpoint(EndpointName=world.name, EndpointConfigName=world.config("second", two=1))
    world.settled()
    _, inputs, _ = rollouts.provider.read(rollouts.session, TOKEN, world.name, known)
    difference, _ = rollouts.provider.diff(rollouts.session, TOKEN, inputs, known)
    assert dict(difference.paths) == {"endpointConfigName": "UPDATE"}
    assert not difference.replacing


def test_destroying_it_changes_nothing(rollouts: Rollouts) -> None:
    outputs = rollouts.create(f"{rollouts.world.name}-first")
    rollouts.provider.delete(rollouts.session, TOKEN, rollouts.world.name, outputs)
    assert rollouts.world.ask()["Body"]["says"] == "one"
