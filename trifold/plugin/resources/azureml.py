"""Azure ML, for programs: the traffic of an online endpoint."""

from collections.abc import Mapping

import pulumi

TOKEN = "trifold:azureml:EndpointTraffic"


@pulumi.input_type
class EndpointTrafficArgs:
    """What EndpointTraffic takes; see there."""

    def __init__(
        self,
        *,
        resource_group_name: pulumi.Input[str],
        workspace_name: pulumi.Input[str],
        endpoint_name: pulumi.Input[str],
        traffic: pulumi.Input[Mapping[str, pulumi.Input[int]]],
        subscription_id: pulumi.Input[str] | None = None,
        endpoint_settings: pulumi.Input[str] | None = None,
    ) -> None:
        pulumi.set(self, "resource_group_name", resource_group_name)
        pulumi.set(self, "workspace_name", workspace_name)
        pulumi.set(self, "endpoint_name", endpoint_name)
        pulumi.set(self, "traffic", traffic)
        if subscription_id is not None:
            pulumi.set(self, "subscription_id", subscription_id)
        if endpoint_settings is not None:
            pulumi.set(self, "endpoint_settings", endpoint_settings)

    @property
    @pulumi.getter(name="resourceGroupName")
    def resource_group_name(self) -> pulumi.Input[str]:
        return pulumi.get(self, "resource_group_name")

    @property
    @pulumi.getter(name="workspaceName")
    def workspace_name(self) -> pulumi.Input[str]:
        return pulumi.get(self, "workspace_name")

    @property
    @pulumi.getter(name="endpointName")
    def endpoint_name(self) -> pulumi.Input[str]:
        return pulumi.get(self, "endpoint_name")

    @property
    @pulumi.getter
    def traffic(self) -> pulumi.Input[Mapping[str, pulumi.Input[int]]]:
        return pulumi.get(self, "traffic")

    @property
    @pulumi.getter(name="subscriptionId")
    def subscription_id(self) -> pulumi.Input[str] | None:
        return pulumi.get(self, "subscription_id")

    @property
    @pulumi.getter(name="endpointSettings")
    def endpoint_settings(self) -> pulumi.Input[str] | None:
        return pulumi.get(self, "endpoint_settings")


class EndpointTraffic(pulumi.CustomResource):
    """The weights of an online endpoint's deployments, set once they exist.

    traffic: deployment name -> percent, adding up to 100; depend on the deployments it names. subscription_id:
    AZURE_SUBSCRIPTION_ID or ARM_SUBSCRIPTION_ID where unset. endpoint_settings: any text; when it changes the weights
    are set once more (an update of the endpoint resource may have taken them away).

    Destroying it takes all traffic away, so that the deployments can be deleted. Nobody else should set the endpoint's
    traffic: let the OnlineEndpoint resource ignore changes of it.
    """

    def __init__(
        self, resource_name: str, args: EndpointTrafficArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        given = {name: pulumi.get(args, name) for name in _CAMEL if name != "endpoint_id"}
        super().__init__(TOKEN, resource_name, {**given, "endpoint_id": None}, opts)

    @property
    @pulumi.getter(name="resourceGroupName")
    def resource_group_name(self) -> pulumi.Output[str]:
        return pulumi.get(self, "resource_group_name")

    @property
    @pulumi.getter(name="workspaceName")
    def workspace_name(self) -> pulumi.Output[str]:
        return pulumi.get(self, "workspace_name")

    @property
    @pulumi.getter(name="endpointName")
    def endpoint_name(self) -> pulumi.Output[str]:
        """The endpoint, to be referred to where something needs the new weights in effect."""
        return pulumi.get(self, "endpoint_name")

    @property
    @pulumi.getter
    def traffic(self) -> pulumi.Output[Mapping[str, int]]:
        """The weights in effect."""
        return pulumi.get(self, "traffic")

    @property
    @pulumi.getter(name="subscriptionId")
    def subscription_id(self) -> pulumi.Output[str | None]:
        return pulumi.get(self, "subscription_id")

    @property
    @pulumi.getter(name="endpointSettings")
    def endpoint_settings(self) -> pulumi.Output[str | None]:
        return pulumi.get(self, "endpoint_settings")

    @property
    @pulumi.getter(name="endpointId")
    def endpoint_id(self) -> pulumi.Output[str]:
        """The endpoint's id in Resource Manager."""
        return pulumi.get(self, "endpoint_id")

    def translate_input_property(self, prop: str) -> str:
        """Python's name of a property, as Pulumi's."""
        return _CAMEL.get(prop, prop)

    def translate_output_property(self, prop: str) -> str:
        """Pulumi's name of a property, as Python's."""
        return _SNAKE.get(prop, prop)


_CAMEL = {
    "resource_group_name": "resourceGroupName",
    "workspace_name": "workspaceName",
    "endpoint_name": "endpointName",
    "traffic": "traffic",
    "subscription_id": "subscriptionId",
    "endpoint_settings": "endpointSettings",
    "endpoint_id": "endpointId",
}
_SNAKE = {camel: snake for snake, camel in _CAMEL.items()}
