"""Azure, for programs: names that are free again once a stack is gone."""

from collections.abc import Mapping

import pulumi

TOKEN = "trifold:azureml:FreedNames"


@pulumi.input_type
class FreedNamesArgs:
    """What FreedNames takes; see there."""

    def __init__(
        self,
        *,
        subscription_id: pulumi.Input[str],
        resource_group_name: pulumi.Input[str],
        workspace_name: pulumi.Input[str],
        tags: pulumi.Input[Mapping[str, pulumi.Input[str]]],
    ) -> None:
        pulumi.set(self, "subscription_id", subscription_id)
        pulumi.set(self, "resource_group_name", resource_group_name)
        pulumi.set(self, "workspace_name", workspace_name)
        pulumi.set(self, "tags", tags)

    @property
    @pulumi.getter(name="subscriptionId")
    def subscription_id(self) -> pulumi.Input[str]:
        return pulumi.get(self, "subscription_id")

    @property
    @pulumi.getter(name="resourceGroupName")
    def resource_group_name(self) -> pulumi.Input[str]:
        return pulumi.get(self, "resource_group_name")

    @property
    @pulumi.getter(name="workspaceName")
    def workspace_name(self) -> pulumi.Input[str]:
        return pulumi.get(self, "workspace_name")

    @property
    @pulumi.getter
    def tags(self) -> pulumi.Input[Mapping[str, pulumi.Input[str]]]:
        return pulumi.get(self, "tags")


class FreedNames(pulumi.CustomResource):
    """What was deleted and still holds its name is purged: a workspace of this name, and the vaults of this group that
    carry these tags. Before anything is made that depends on it, and after all of that is gone. For stacks to throw
    away: what is purged can't be recovered.
    """

    def __init__(self, resource_name: str, args: FreedNamesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(TOKEN, resource_name, {name: pulumi.get(args, name) for name in _CAMEL}, opts)

    def translate_input_property(self, prop: str) -> str:
        """Python's name of a property, as Pulumi's."""
        return _CAMEL.get(prop, prop)

    def translate_output_property(self, prop: str) -> str:
        """Pulumi's name of a property, as Python's."""
        return _SNAKE.get(prop, prop)


_CAMEL = {
    "subscription_id": "subscriptionId",
    "resource_group_name": "resourceGroupName",
    "workspace_name": "workspaceName",
    "tags": "tags",
}
_SNAKE = {camel: snake for snake, camel in _CAMEL.items()}
