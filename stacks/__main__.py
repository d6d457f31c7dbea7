"""One packaged model behind a managed endpoint, on the cloud that the stack's configuration names."""

from pathlib import Path

import pulumi

from infra import clouds, settings
from infra.capabilities.endpoint import EndpointSpec
from infra.capabilities.foundation import FoundationSpec
from infra.capabilities.storage import StorageSpec
from infra.naming import Names
from infra.tags import tags

stack = settings.load(root=Path(__file__).resolve().parents[1])
cloud = clouds.load(stack.cloud)
account = cloud.verify(stack)  # refuses another account before anything is registered
names = Names(stack.cloud, stack.project, stack.stack, account.id, stack.region)


def tagged(capability: str) -> dict[str, str]:
    return tags(stack.project, stack.stack, capability)


foundation = cloud.Foundation(
    "foundation", FoundationSpec(account, names, tagged("foundation"), ephemeral=stack.ephemeral)
)
storage = cloud.Storage(
    "storage",
    StorageSpec(names, tagged("storage"), stack.ephemeral, stack.keep_versions_days),
    foundation=foundation,
)
endpoint = cloud.Endpoint(
    "endpoint",
    EndpointSpec(
        names,
        stack.image,
        stack.variants,
        tagged("endpoint"),
        request_timeout=stack.request_timeout,
        concurrency=stack.concurrency,
        ephemeral=stack.ephemeral,
    ),
    foundation=foundation,
    storage=storage,
)

pulumi.export("cloud", stack.cloud)
pulumi.export("account", account.id)
pulumi.export("region", stack.region)
pulumi.export("package_name", stack.package.name)
pulumi.export("package_digest", stack.package.digest)
pulumi.export("registry", foundation.registry)
pulumi.export("image", endpoint.image)
pulumi.export("store", storage.url)
pulumi.export("archive", endpoint.archive)
pulumi.export("endpoint_name", endpoint.name)
pulumi.export("endpoint_id", endpoint.id)
pulumi.export("endpoint_url", endpoint.url)
pulumi.export("variants", [variant.name for variant in stack.variants])
