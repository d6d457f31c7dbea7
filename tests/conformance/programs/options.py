"""The components of a stack, made by a program that uses Pulumi's own options on them. `test:option` says which;
`test:prefix` goes before the components' names."""

import importlib
from pathlib import Path

import pulumi

from infra import clouds, settings
from infra.capabilities.endpoint import EndpointSpec
from infra.capabilities.foundation import FoundationSpec
from infra.capabilities.storage import StorageSpec
from infra.naming import Names

SDKS = {"aws": "pulumi_aws", "azure": "pulumi_azure_native", "gcp": "pulumi_gcp"}
stack = settings.load(root=Path(__file__).resolve().parents[3])
cloud = clouds.load(stack.cloud)


class Team(pulumi.ComponentResource):
    """Something of the user's own, above the kit's components."""

    def __init__(self, name: str):
        super().__init__("user:index:Team", name)
        self.register_outputs({})


def options(component: str) -> pulumi.ResourceOptions:
    """The options of a component, by the option under test."""
    if option == "protect":
        return pulumi.ResourceOptions(protect=True)
    if option == "providers":
        return pulumi.ResourceOptions(providers=[made])
    if option == "aliases":
        return pulumi.ResourceOptions(aliases=[pulumi.Alias(name=f"old-{component}")])
    if option == "parent":
        return pulumi.ResourceOptions(parent=team)
    if option == "both":
        return pulumi.ResourceOptions(protect=True, transforms=[touch])
    return pulumi.ResourceOptions(transforms=[touch])


def touch(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult | None:
    if not args.custom:
        return None
    args.props["touched"] = True
    return pulumi.ResourceTransformResult(args.props, args.opts)


option = pulumi.Config("test").require("option")
made = importlib.import_module(SDKS[stack.cloud]).Provider("mine") if option == "providers" else None
team = Team("team")
account = cloud.verify(stack)
names = Names(stack.cloud, stack.project, stack.stack, account.id, stack.region)


prefix = pulumi.Config("test").get("prefix") or ""
foundation = cloud.Foundation(
    f"{prefix}foundation",
    FoundationSpec(account, names, stack.tags("foundation"), stack.kept),
    opts=options("foundation"),
)
storage = cloud.Storage(
    f"{prefix}storage",
    StorageSpec(names, stack.tags("storage"), stack.kept, stack.keep_versions_days),
    foundation=foundation,
    opts=options("storage"),
)
endpoint = cloud.Endpoint(
    f"{prefix}endpoint",
    EndpointSpec(
        names, stack.image, stack.variants, stack.tags("endpoint"), kept=stack.kept, ephemeral=stack.ephemeral
    ),
    foundation=foundation,
    storage=storage,
    opts=options("endpoint"),
)
