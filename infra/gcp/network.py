"""A private network on Google Cloud: an endpoint with an address in the user's VPC, and a bucket that answers there.

Artifact Registry has no such setting of its own: around it, and around all else that calls Google's APIs, an
organisation draws a perimeter (VPC Service Controls), which is not a stack's to draw.
https://cloud.google.com/vertex-ai/docs/predictions/private-service-connect
"""

from typing import Any

import pulumi

from infra.brought import Network

EVERYWHERE = "0.0.0.0/0"
PERIMETERS = "https://cloud.google.com/artifact-registry/docs/securing-with-vpc-sc"


def of_endpoint(network: Network | None) -> dict[str, Any]:
    """How an endpoint is reached. Private Service Connect, and by IAM all the same: without `secure`, who is in the
    network may ask without saying who they are."""
    if network is None:
        return {}
    project = network.network.split("/")[1]
    connect: dict[str, Any] = {
        "enable_private_service_connect": True,
        "enable_secure_private_service_connect": True,
        "project_allowlists": [project],
    }
    if network.made:
        connect["psc_automation_configs"] = [{"project_id": project, "network": network.network}]
    return {"private_service_connect_config": connect}


def of_bucket(network: Network | None) -> dict[str, Any]:
    """Who gets to a bucket, beside what IAM says. Vertex AI copies the packages as its own agent.
    https://cloud.google.com/storage/docs/ip-filtering-overview"""
    if network is None:
        return {}
    filter: dict[str, Any] = {
        "mode": "Enabled",
        "allow_all_service_agent_access": True,
        "vpc_network_sources": [{"network": network.network, "allowed_ip_cidr_ranges": [EVERYWHERE]}],
    }
    if network.trusted:
        filter["public_network_source"] = {"allowed_ip_cidr_ranges": list(network.trusted)}
    return {"ip_filter": filter}


def warn(parent: pulumi.Resource) -> None:
    """Say what stays open."""
    pulumi.warn(
        f"the registry is shut to the internet by a perimeter of the organisation's only, see {PERIMETERS}", parent
    )
