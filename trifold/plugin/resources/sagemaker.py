"""SageMaker, for programs: the rollout of an endpoint configuration to an endpoint."""

from collections.abc import Sequence

import pulumi

TOKEN = "trifold:sagemaker:EndpointRollout"


@pulumi.input_type
class EndpointRolloutArgs:
    """What a rollout takes; see EndpointRollout."""

    def __init__(
        self,
        *,
        endpoint_name: pulumi.Input[str],
        endpoint_config_name: pulumi.Input[str],
        account_id: pulumi.Input[str] | None = None,
        region: pulumi.Input[str] | None = None,
        exclude_retained_properties: pulumi.Input[Sequence[pulumi.Input[str]]] | None = None,
    ) -> None:
        pulumi.set(self, "endpoint_name", endpoint_name)
        pulumi.set(self, "endpoint_config_name", endpoint_config_name)
        if account_id is not None:
            pulumi.set(self, "account_id", account_id)
        if region is not None:
            pulumi.set(self, "region", region)
        if exclude_retained_properties is not None:
            pulumi.set(self, "exclude_retained_properties", exclude_retained_properties)

    @property
    @pulumi.getter(name="endpointName")
    def endpoint_name(self) -> pulumi.Input[str]:
        return pulumi.get(self, "endpoint_name")

    @property
    @pulumi.getter(name="endpointConfigName")
    def endpoint_config_name(self) -> pulumi.Input[str]:
        return pulumi.get(self, "endpoint_config_name")

    @property
    @pulumi.getter(name="accountId")
    def account_id(self) -> pulumi.Input[str] | None:
        return pulumi.get(self, "account_id")

    @property
    @pulumi.getter
    def region(self) -> pulumi.Input[str] | None:
        return pulumi.get(self, "region")

    @property
    @pulumi.getter(name="excludeRetainedProperties")
    def exclude_retained_properties(self) -> pulumi.Input[Sequence[pulumi.Input[str]]] | None:
        return pulumi.get(self, "exclude_retained_properties")


class EndpointRollout(pulumi.CustomResource):
    """Moves an endpoint to a configuration, and is up only once the endpoint runs it.

    endpoint_name, endpoint_config_name: both must exist; the endpoint resource must ignore changes of its own
    `endpoint_config_name`, so that this is the only one who moves it. account_id: refuses an endpoint of another
    account. region: the SDK's own default where unset. exclude_retained_properties: of DesiredInstanceCount,
    DesiredWeight and DataCaptureConfig, those that the new configuration decides; the others stay as they are at the
    endpoint (an autoscaled count, for one).

    A failed deployment, which SageMaker rolls back, fails the step with SageMaker's reason; what served goes on
    serving. Destroying it changes nothing.
    """

    def __init__(
        self, resource_name: str, args: EndpointRolloutArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        names = ("endpoint_name", "endpoint_config_name", "account_id", "region", "exclude_retained_properties")
        given = {name: pulumi.get(args, name) for name in names}
        super().__init__(TOKEN, resource_name, {**given, "endpoint_arn": None, "endpoint_status": None}, opts)

    @property
    @pulumi.getter(name="endpointName")
    def endpoint_name(self) -> pulumi.Output[str]:
        """The endpoint, to be referred to where something needs the new configuration in service."""
        return pulumi.get(self, "endpoint_name")

    @property
    @pulumi.getter(name="endpointConfigName")
    def endpoint_config_name(self) -> pulumi.Output[str]:
        """The configuration that is in service."""
        return pulumi.get(self, "endpoint_config_name")

    @property
    @pulumi.getter(name="accountId")
    def account_id(self) -> pulumi.Output[str | None]:
        return pulumi.get(self, "account_id")

    @property
    @pulumi.getter
    def region(self) -> pulumi.Output[str | None]:
        return pulumi.get(self, "region")

    @property
    @pulumi.getter(name="excludeRetainedProperties")
    def exclude_retained_properties(self) -> pulumi.Output[Sequence[str] | None]:
        return pulumi.get(self, "exclude_retained_properties")

    @property
    @pulumi.getter(name="endpointArn")
    def endpoint_arn(self) -> pulumi.Output[str]:
        return pulumi.get(self, "endpoint_arn")

    @property
    @pulumi.getter(name="endpointStatus")
    def endpoint_status(self) -> pulumi.Output[str]:
        """InService."""
        return pulumi.get(self, "endpoint_status")

    def translate_input_property(self, prop: str) -> str:
        """Python's name of a property, as Pulumi's."""
        return _CAMEL.get(prop, prop)

    def translate_output_property(self, prop: str) -> str:
        """Pulumi's name of a property, as Python's."""
        return _SNAKE.get(prop, prop)


_CAMEL = {
    "endpoint_name": "endpointName",
    "endpoint_config_name": "endpointConfigName",
    "account_id": "accountId",
    "exclude_retained_properties": "excludeRetainedProperties",
    "endpoint_arn": "endpointArn",
    "endpoint_status": "endpointStatus",
}
_SNAKE = {camel: snake for snake, camel in _CAMEL.items()}
