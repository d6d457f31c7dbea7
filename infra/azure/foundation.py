"""Foundation on Azure: a resource group, a container registry, and the user-assigned identity endpoints run as."""

from pulumi import Output, ResourceOptions
from pulumi_azure_native import containerregistry, managedidentity, resources

from infra import keeping
from infra.azure import existing, keys, network, roles
from infra.capabilities.foundation import FoundationComponent, FoundationSpec


class Foundation(FoundationComponent):
    """The home of a stack. group: the resource group's name, which all else lies in; group_name: the same, known before
    it is made; principal: the identity's object id, for those who grant it more; expected_identity: the identity's id,
    known before it is made; registry_id: the registry's. key: what encrypts all; private: where private endpoints are
    made."""

    group: Output[str]
    group_name: str
    principal: Output[str]
    expected_identity: str
    registry_id: Output[str]
    key: keys.Key | None
    private: network.Private | None

    def __init__(self, name: str, spec: FoundationSpec, opts: ResourceOptions | None = None) -> None:
        super().__init__("trifold:azure:Foundation", name, None, opts)
        self.account, self.brought = spec.account, spec.brought
        self.group_name, self.group = self._home(name, spec)
        self.key = keys.make(name, spec, self.group, self)
        tags = dict(spec.tags)
        self.private = network.make(
            name, spec.brought.network, self.group, spec.account.region, tags, ResourceOptions(parent=self)
        )
        registry, identity = self._registry(name, spec), self._identity(name, spec)
        pull = roles.grant(
            f"{name}-endpoint-pull",
            identity=spec.names("identity", "endpoint"),
            role=roles.ACR_PULL,
            principal=identity.principal,
            scope=registry.id,
            subscription=spec.account.id,
            opts=ResourceOptions(parent=self),
        )
        self.principal, self.expected_identity = identity.principal, identity.expected
        self.registry, self.registry_id = registry.login_server, registry.id
        # Whoever asks for the identity gets it with the grants it needs.
        pulls = roles.in_effect(
            f"{name}-endpoint-pulls", pull, role=roles.ACR_PULL, scope=registry.id, opts=ResourceOptions(parent=self)
        )
        self.identity = roles.of([pulls], identity.id)
        self.promise()

    def _home(self, name: str, spec: FoundationSpec) -> tuple[str, Output[str]]:
        """The resource group's name, and the same once it is there."""
        if id := spec.brought.existing.home:
            there = existing.group(id, self)
            return there, Output.from_input(there)
        holds = bool(spec.kept)
        group = resources.ResourceGroup(
            f"{name}-group",
            resource_group_name=spec.names("group"),
            location=spec.account.region,
            tags=keeping.tags(holds, spec.tags),
            # Deleting a group deletes all that lies in it.
            opts=keeping.options(holds, parent=self),
        )
        return spec.names("group"), group.name

    def _registry(self, name: str, spec: FoundationSpec) -> existing.Registry:
        if id := spec.brought.existing.registry:
            return existing.registry(id, self)
        private, child = spec.brought.network, keeping.options(spec.keeps, parent=self)
        # Only the dearest tier has private endpoints and customer-managed keys:
        # https://learn.microsoft.com/azure/container-registry/container-registry-skus
        tier = containerregistry.SkuName.PREMIUM if private or self.key else containerregistry.SkuName.BASIC
        registry = containerregistry.Registry(
            f"{name}-registry",
            registry_name=spec.names("registry"),
            resource_group_name=self.group,
            location=spec.account.region,
            sku={"name": tier},
            admin_user_enabled=False,
            anonymous_pull_enabled=False,
            **network.of_registry(private),
            **keys.of_registry(self.key),
            tags=keeping.tags(spec.keeps, spec.tags),
            opts=child,
        )
        network.connect(name, self.private, "registry", registry.id, ResourceOptions(parent=self))
        return existing.Registry(registry.id, registry.login_server)

    def _identity(self, name: str, spec: FoundationSpec) -> existing.Identity:
        if id := spec.brought.existing.identity:
            return existing.identity(id, self)
        identity = managedidentity.UserAssignedIdentity(
            f"{name}-endpoint",
            resource_name_=spec.names("identity", "endpoint"),
            resource_group_name=self.group,
            location=spec.account.region,
            tags=dict(spec.tags),
            opts=ResourceOptions(parent=self),
        )
        expected = (
            f"/subscriptions/{spec.account.id}/resourceGroups/{self.group_name}/providers"
            f"/Microsoft.ManagedIdentity/userAssignedIdentities/{spec.names('identity', 'endpoint')}"
        )
        return existing.Identity(identity.id, expected, identity.principal_id)
