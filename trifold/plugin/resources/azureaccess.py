"""Azure's role assignments, for programs: when they are in effect."""

from collections.abc import Sequence

import pulumi

TOKEN = "trifold:azureaccess:RoleInEffect"


@pulumi.input_type
class RoleInEffectArgs:
    """What RoleInEffect takes; see there."""

    def __init__(
        self,
        *,
        principal_id: pulumi.Input[str],
        scope: pulumi.Input[str],
        assignment: pulumi.Input[str],
        actions: pulumi.Input[Sequence[pulumi.Input[str]]] | None = None,
        data_actions: pulumi.Input[Sequence[pulumi.Input[str]]] | None = None,
    ) -> None:
        pulumi.set(self, "principal_id", principal_id)
        pulumi.set(self, "scope", scope)
        pulumi.set(self, "assignment", assignment)
        if actions is not None:
            pulumi.set(self, "actions", actions)
        if data_actions is not None:
            pulumi.set(self, "data_actions", data_actions)

    @property
    @pulumi.getter(name="principalId")
    def principal_id(self) -> pulumi.Input[str]:
        return pulumi.get(self, "principal_id")

    @property
    @pulumi.getter
    def scope(self) -> pulumi.Input[str]:
        return pulumi.get(self, "scope")

    @property
    @pulumi.getter
    def assignment(self) -> pulumi.Input[str]:
        return pulumi.get(self, "assignment")

    @property
    @pulumi.getter
    def actions(self) -> pulumi.Input[Sequence[pulumi.Input[str]]] | None:
        return pulumi.get(self, "actions")

    @property
    @pulumi.getter(name="dataActions")
    def data_actions(self) -> pulumi.Input[Sequence[pulumi.Input[str]]] | None:
        return pulumi.get(self, "data_actions")


class RoleInEffect(pulumi.CustomResource):
    """Is up once a principal may do some actions at a scope: what needs a grant depends on this, not on the assignment.

    principal_id: its object id. scope: a resource's id. assignment: the role assignment's id, a new one of which is
    waited for again. actions, data_actions: what of the role is needed. Whoever runs the program needs
    Microsoft.Authorization/checkAccess/action. Destroying it does nothing.
    """

    def __init__(self, resource_name: str, args: RoleInEffectArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(TOKEN, resource_name, {name: pulumi.get(args, name) for name in _CAMEL}, opts)

    @property
    @pulumi.getter(name="principalId")
    def principal_id(self) -> pulumi.Output[str]:
        return pulumi.get(self, "principal_id")

    @property
    @pulumi.getter
    def scope(self) -> pulumi.Output[str]:
        return pulumi.get(self, "scope")

    @property
    @pulumi.getter
    def assignment(self) -> pulumi.Output[str]:
        return pulumi.get(self, "assignment")

    @property
    @pulumi.getter
    def actions(self) -> pulumi.Output[Sequence[str] | None]:
        return pulumi.get(self, "actions")

    @property
    @pulumi.getter(name="dataActions")
    def data_actions(self) -> pulumi.Output[Sequence[str] | None]:
        return pulumi.get(self, "data_actions")

    def translate_input_property(self, prop: str) -> str:
        """Python's name of a property, as Pulumi's."""
        return _CAMEL.get(prop, prop)

    def translate_output_property(self, prop: str) -> str:
        """Pulumi's name of a property, as Python's."""
        return _SNAKE.get(prop, prop)


_CAMEL = {
    "principal_id": "principalId",
    "scope": "scope",
    "assignment": "assignment",
    "actions": "actions",
    "data_actions": "dataActions",
}
_SNAKE = {camel: snake for snake, camel in _CAMEL.items()}
