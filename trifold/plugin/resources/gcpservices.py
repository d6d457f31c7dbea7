"""Google's APIs, for programs: when they are in use."""

from collections.abc import Sequence

import pulumi

TOKEN = "trifold:gcpservices:ServicesInUse"


@pulumi.input_type
class ServicesInUseArgs:
    """What ServicesInUse takes; see there."""

    def __init__(
        self,
        *,
        project: pulumi.Input[str],
        region: pulumi.Input[str],
        services: pulumi.Input[Sequence[pulumi.Input[str]]],
    ) -> None:
        pulumi.set(self, "project", project)
        pulumi.set(self, "region", region)
        pulumi.set(self, "services", services)

    @property
    @pulumi.getter
    def project(self) -> pulumi.Input[str]:
        return pulumi.get(self, "project")

    @property
    @pulumi.getter
    def region(self) -> pulumi.Input[str]:
        return pulumi.get(self, "region")

    @property
    @pulumi.getter
    def services(self) -> pulumi.Input[Sequence[pulumi.Input[str]]]:
        return pulumi.get(self, "services")


class ServicesInUse(pulumi.CustomResource):
    """Is up once a project's APIs answer: what calls them depends on this, not on their being enabled.

    services: names without ".googleapis.com"; it depends on what enables them. Whoever runs the program needs no
    permission for it. Destroying it does nothing.
    """

    def __init__(self, resource_name: str, args: ServicesInUseArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        names = ("project", "region", "services")
        super().__init__(TOKEN, resource_name, {name: pulumi.get(args, name) for name in names}, opts)

    @property
    @pulumi.getter
    def project(self) -> pulumi.Output[str]:
        return pulumi.get(self, "project")

    @property
    @pulumi.getter
    def region(self) -> pulumi.Output[str]:
        return pulumi.get(self, "region")

    @property
    @pulumi.getter
    def services(self) -> pulumi.Output[Sequence[str]]:
        return pulumi.get(self, "services")
