"""Access on Azure: two user-assigned identities with a custom role each, which trust a pipeline's tokens by subject.

They lie in a group of their own: the stack's group comes and goes with the stack. Azure lets nobody act as a managed
identity but what it is assigned to and whose token it trusts, so `Trust.principals` has no counterpart here.
"""

import uuid

from pulumi import Output, ResourceOptions
from pulumi_azure_native import authorization, managedidentity, resources

from infra.azure import roles
from infra.capabilities.access import AccessComponent, AccessSpec
from infra.errors import UnsupportedCapability
from trifold.facts.needs import actions

MANAGED = "https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/overview"
AUDIENCE = "api://AzureADTokenExchange"


class Access(AccessComponent):
    """The identities that deploy and preview a stack."""

    def __init__(self, name: str, spec: AccessSpec, opts: ResourceOptions | None = None) -> None:
        super().__init__("trifold:azure:Access", name, None, opts)
        if spec.trust.principals:
            raise UnsupportedCapability(
                "azure", "an identity that people act as", "nobody can act as a managed identity from outside",
                "a role of their own for each person (access-deploy-role, access-preview-role)", MANAGED,
            )  # fmt: skip
        group = resources.ResourceGroup(
            f"{name}-group",
            resource_group_name=spec.names("group", "access"),
            location=spec.account.region,
            tags=dict(spec.tags),
            opts=ResourceOptions(parent=self),
        )
        self.deploy = self._identity(name, "deploy", spec, group, spec.trust.deploy)
        self.preview = self._identity(name, "preview", spec, group, spec.trust.preview)
        self.promise()

    def _identity(
        self, name: str, kind: str, spec: AccessSpec, group: resources.ResourceGroup, subjects: tuple[str, ...]
    ) -> Output[str]:
        child = ResourceOptions(parent=self)
        identity = managedidentity.UserAssignedIdentity(
            f"{name}-{kind}",
            resource_name_=spec.names("identity", kind),
            resource_group_name=group.name,
            location=spec.account.region,
            tags=dict(spec.tags),
            opts=child,
        )
        previous: list[managedidentity.FederatedIdentityCredential] = []
        for number, subject in enumerate(subjects):
            previous.append(
                managedidentity.FederatedIdentityCredential(
                    f"{name}-{kind}-pipeline-{number}",
                    federated_identity_credential_resource_name=f"pipeline-{number}",
                    resource_name_=identity.name,
                    resource_group_name=group.name,
                    issuer=spec.trust.issuer,
                    subject=subject,
                    audiences=[AUDIENCE],
                    # Azure refuses two at once below one identity: 409, see the page on federated credentials.
                    opts=ResourceOptions(parent=self, depends_on=previous[-1:]),
                )
            )
        return self._granted(name, kind, spec, identity)

    def _granted(
        self, name: str, kind: str, spec: AccessSpec, identity: managedidentity.UserAssignedIdentity
    ) -> Output[str]:
        """The client id, once the identity may do what its kind does."""
        child, scope = ResourceOptions(parent=self), f"/subscriptions/{spec.account.id}"
        may = actions("azure", spec.features, reading=kind == "preview")
        key = str(uuid.uuid5(uuid.NAMESPACE_URL, f"trifold/{spec.account.id}/{spec.names('identity', kind)}"))
        role = authorization.RoleDefinition(
            f"{name}-{kind}-role",
            role_definition_id=key,
            role_name=f"{spec.names('identity', kind)} ({key[:8]})",
            role_type="CustomRole",
            description=f"To {kind} one stack.",
            permissions=[{"actions": list(may)}],
            assignable_scopes=[scope],
            scope=scope,
            opts=child,
        )
        assigned = roles.grant(
            f"{name}-{kind}-may",
            identity=spec.names("identity", kind),
            role=key,
            principal=identity.principal_id,
            scope=scope,
            subscription=spec.account.id,
            condition=roles.only(_given(spec)) if kind == "deploy" else None,
            opts=ResourceOptions(parent=self, depends_on=[role]),
        )
        done = roles.in_effect(f"{name}-{kind}-does", assigned, role=key, scope=scope, may=may, opts=child)
        return roles.of([done], identity.client_id)


def _given(spec: AccessSpec) -> list[str]:
    """The roles that the stack gives to anybody."""
    return [role for role in roles.GIVEN if role != roles.KEY_USER or "key" in spec.features]
