"""One packaged model behind a managed endpoint, on the cloud that the stack's configuration names."""

from pathlib import Path

import pulumi

from infra import clouds, costs, settings
from infra.capabilities.budget import BudgetSpec
from infra.capabilities.endpoint import EndpointSpec
from infra.capabilities.foundation import FoundationSpec
from infra.capabilities.storage import StorageSpec
from infra.naming import Names

stack = settings.load(root=Path(__file__).resolve().parents[1])
pulumi.info(f"costs {costs.spoken(costs.check(stack))}")  # refuses what is over budget
cloud = clouds.load(stack.cloud)
account = cloud.verify(stack)  # refuses another account before anything is registered
names = Names(stack.cloud, stack.project, stack.stack, account.id, stack.region)

foundation = cloud.Foundation(
    "foundation", FoundationSpec(account, names, stack.tags("foundation"), stack.kept, stack.brought)
)
if stack.alerted:
    alerts = BudgetSpec(names, stack.tags("budget"), stack.budget, stack.budget_email, stack.billing_account)
    cloud.Budget("budget", alerts, foundation=foundation)
storage = cloud.Storage(
    "storage",
    StorageSpec(names, stack.tags("storage"), stack.kept, stack.keep_versions_days),
    foundation=foundation,
)
endpoint = cloud.Endpoint(
    "endpoint",
    EndpointSpec(
        names,
        stack.image,
        stack.variants,
        stack.tags("endpoint"),
        request_timeout=stack.request_timeout,
        concurrency=stack.concurrency,
        kept=stack.kept,
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
