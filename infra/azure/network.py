"""A private network on Azure: each service shut to the internet, and a private endpoint of it in the user's network.

An online endpoint is reached through its workspace's private endpoint; what it reaches itself goes through a network
that Azure ML manages for the workspace, with private endpoints of its own. A deployment's own setting, its egress, no
longer applies there.
https://learn.microsoft.com/azure/machine-learning/concept-secure-online-endpoint
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pulumi import Input, Output, ResourceOptions
from pulumi_azure_native import machinelearningservices as ml
from pulumi_azure_native import network as vnet
from pulumi_azure_native import privatedns

from infra.brought import Network

# A service's part that a private endpoint leads to -> the DNS zones of its names.
# https://learn.microsoft.com/azure/private-link/private-endpoint-dns
PARTS: Mapping[str, tuple[str, ...]] = {
    "blob": ("privatelink.blob.core.windows.net",),
    "registry": ("privatelink.azurecr.io",),
    "vault": ("privatelink.vaultcore.azure.net",),
    "amlworkspace": ("privatelink.api.azureml.ms", "privatelink.notebooks.azure.net"),
}
SHUT, OPEN = "Disabled", "Enabled"


@dataclass(frozen=True)
class Private:
    """Where a stack's private endpoints are made. zones: the id of each DNS zone."""

    subnet: str
    group: Output[str]
    location: str
    tags: Mapping[str, str]
    zones: Mapping[str, Input[str]]


def make(
    name: str,
    network: Network | None,
    group: Output[str],
    location: str,
    tags: Mapping[str, str],
    opts: ResourceOptions,
) -> Private | None:
    """The place for private endpoints, with the DNS zones unless others keep them; None if the stack makes none."""
    if network is None or not network.made:
        return None
    names = [zone for zones in PARTS.values() for zone in zones]
    zones: Mapping[str, Input[str]] = network.zones
    if not zones:
        zones = {zone: _zone(name, zone, network, group, tags, opts) for zone in names}
    return Private(network.subnets[0], group, location, tags, zones)


def _zone(
    name: str, zone: str, network: Network, group: Output[str], tags: Mapping[str, str], opts: ResourceOptions
) -> Output[str]:
    """A zone that answers in the network."""
    short = zone.split(".")[1]
    made = privatedns.PrivateZone(
        f"{name}-zone-{short}",
        private_zone_name=zone,
        resource_group_name=group,
        location="Global",
        tags=dict(tags),
        opts=opts,
    )
    privatedns.VirtualNetworkLink(
        f"{name}-zone-{short}-link",
        private_zone_name=made.name,
        resource_group_name=group,
        location="Global",
        virtual_network={"id": network.network},
        registration_enabled=False,
        tags=dict(tags),
        opts=opts,
    )
    return made.id


def connect(name: str, private: Private | None, part: str, resource: Output[str], opts: ResourceOptions) -> None:
    """A private endpoint of a resource's part (a key of PARTS), and its names in the network's DNS."""
    if private is None:
        return
    endpoint = vnet.PrivateEndpoint(
        f"{name}-private-{part}",
        resource_group_name=private.group,
        location=private.location,
        subnet=vnet.SubnetArgs(id=private.subnet),
        private_link_service_connections=[
            vnet.PrivateLinkServiceConnectionArgs(name=part, private_link_service_id=resource, group_ids=[part])
        ],
        tags=dict(private.tags),
        opts=opts,
    )
    vnet.PrivateDnsZoneGroup(
        f"{name}-private-{part}-names",
        private_dns_zone_group_name="default",
        private_endpoint_name=endpoint.name,
        resource_group_name=private.group,
        private_dns_zone_configs=[
            vnet.PrivateDnsZoneConfigArgs(name=zone.replace(".", "-"), private_dns_zone_id=private.zones[zone])
            for zone in PARTS[part]
        ],
        opts=opts,
    )


def of_account(network: Network | None) -> dict[str, Any]:
    """Who gets to a storage account. Azure ML itself is one of the services that are let in."""
    if network is None:
        return {}
    rules: dict[str, Any] = {"default_action": "Deny", "bypass": "AzureServices", "ip_rules": _ranges(network)}
    return {"public_network_access": _public(network), "network_rule_set": rules}


def of_registry(network: Network | None) -> dict[str, Any]:
    """Who gets to a registry of the Premium tier."""
    if network is None:
        return {}
    rules: dict[str, Any] = {"default_action": "Deny", "ip_rules": _ranges(network)}
    return {
        "public_network_access": _public(network),
        "network_rule_bypass_options": "AzureServices",
        "network_rule_set": rules,
    }


def of_vault(network: Network | None) -> dict[str, Any]:
    """Who gets to a vault: only the workspace uses it."""
    if network is None:
        return {}
    return {
        "public_network_access": SHUT,
        "network_acls": {"default_action": "Deny", "bypass": "AzureServices", "ip_rules": []},
    }


def of_logs(network: Network | None) -> dict[str, Any]:
    """Who writes and reads logs: the endpoint sends none there unless request logging is turned on."""
    if network is None:
        return {}
    return {"public_network_access_for_ingestion": SHUT, "public_network_access_for_query": SHUT}


def of_workspace(network: Network | None, registry: Output[str]) -> dict[str, Any]:
    """Who gets to a workspace, and what its deployments get to: its own resources, the registry among them."""
    if network is None:
        return {"public_network_access": ml.PublicNetworkAccessType.ENABLED}
    return {
        "public_network_access": ml.PublicNetworkAccessType.DISABLED,
        "managed_network": {"isolation_mode": ml.IsolationMode.ALLOW_ONLY_APPROVED_OUTBOUND},
        "container_registry": registry,
    }


def of_endpoint(network: Network | None) -> ml.PublicNetworkAccessType:
    """Whether an online endpoint answers the internet, or its workspace's private endpoint alone."""
    return ml.PublicNetworkAccessType.DISABLED if network else ml.PublicNetworkAccessType.ENABLED


def _public(network: Network) -> str:
    """Open to the trusted ranges only, which takes an open door and a rule that shuts it to all others."""
    return OPEN if network.trusted else SHUT


def _ranges(network: Network) -> list[dict[str, str]]:
    return [{"i_p_address_or_range": one, "action": "Allow"} for one in network.trusted]
