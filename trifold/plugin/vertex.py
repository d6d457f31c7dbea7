"""Vertex AI: model versions, and what is deployed to an endpoint, for which the official provider has no resource.

Plain REST with google-auth: the vendor's client library takes seconds to import, and this needs a dozen calls of it.
"""

from trifold.plugin.vertex_deployment import Deployments
from trifold.plugin.vertex_model import FIXED, Versions
from trifold.protocol.declaration import ResourceType

TYPES = (
    ResourceType(
        "trifold:vertex:Model",
        "trifold.plugin.resources.vertex:ModelArgs",
        Versions(),
        replace=FIXED,
        delete_first=False,
    ),
    ResourceType(
        "trifold:vertex:ModelDeployment",
        "trifold.plugin.resources.vertex:ModelDeploymentArgs",
        Deployments(),
        replace=("endpoint",),
        volatile=("deployedModels", "trafficSplit"),
    ),
)
