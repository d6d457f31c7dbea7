"""Foundation on Azure: a resource group, a container registry, and the user-assigned identity endpoints run as."""

from pulumi import Output, ResourceOptions
from pulumi_azure_native import containerregistry, managedidentity, resources

from infra import keeping
from infra.azure import roles
from infra.capabilities.foundation import FoundationComponent, FoundationSpec


class Foundation(FoundationComponent):
    """The home of a stack. group: the resource group's name, which all else lies in; principal: the identity's object
    id, for those who grant it more; expected_identity: the identity's id, known before it is made."""

    group: Output[str]
    principal: Output[str]
    expected_identity: str

    def __init__(self, name: str, spec: FoundationSpec, opts: ResourceOptions | None = None) -> None:
        super().__init__("trifold:azure:Foundation", name, None, opts)
        child = ResourceOptions(parent=self)
        self.account = spec.account
        location, tags, holds = spec.account.region, dict(spec.tags), bool(spec.kept)
        group = resources.ResourceGroup(
            f"{name}-group",
            resource_group_name=spec.names("group"),
            location=location,
            tags=keeping.tags(holds, tags),
            # Deleting a group deletes all that lies in it.
            opts=keeping.options(holds, parent=self),
        )
        registry = containerregistry.Registry(
            f"{name}-registry",
            registry_name=spec.names("registry"),
            resource_group_name=group.name,
            location=location,
            sku={"name": containerregistry.SkuName.BASIC},
            admin_user_enabled=False,
            anonymous_pull_enabled=False,
            tags=keeping.tags(spec.keeps, tags),
            opts=keeping.options(spec.keeps, parent=self),
        )
        identity = managedidentity.UserAssignedIdentity(
            f"{name}-endpoint",
            resource_name_=spec.names("identity", "endpoint"),
            resource_group_name=group.name,
            location=location,
            tags=tags,
            opts=child,
        )
        pull = roles.grant(
            f"{name}-endpoint-pull",
            identity=spec.names("identity", "endpoint"),
            role=roles.ACR_PULL,
            principal=identity.principal_id,
            scope=registry.id,
            subscription=spec.account.id,
            opts=child,
        )
        self.group = group.name
        self.principal = identity.principal_id
        self.expected_identity = (
            f"/subscriptions/{spec.account.id}/resourceGroups/{spec.names('group')}/providers"
            f"/Microsoft.ManagedIdentity/userAssignedIdentities/{spec.names('identity', 'endpoint')}"
        )
        self.registry = registry.login_server
        # Whoever asks for the identity gets it with the grants it needs.
        self.identity = roles.of([pull], identity.id)
        self.promise()
