"""Cores for managed online endpoints on a new subscription: few, and a fifth more is set aside for upgrades.

https://learn.microsoft.com/azure/machine-learning/how-to-manage-quotas#virtual-machine-quota-allocation-for-deployment:
ceil(1.2 x instances) x cores. The refusal: https://aka.ms/oe-tsg#error-outofquota.
"""

import json
import math

from trifold.local.azure.api.arm.ids import ResourceId
from trifold.local.azure.api.arm.standing import CORES, SIZES
from trifold.local.azure.api.arm.store import Store
from trifold.local.azure.api.errors import AzureError
from trifold.local.azure.cloud import SUBSCRIPTION

DEPLOYMENTS = "Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments"
GUIDE = "Please see troubleshooting guide, available here: https://aka.ms/oe-tsg#error-outofquota"


def check(store: Store, deployment: ResourceId, size: str, count: int) -> None:
    """Raises AzureError (400) where a size's family has not as many cores left. Sizes that nobody lists have some."""
    family = _family(size)
    if family is None:
        return
    cores = {name: number for name, number, _ in SIZES[family]}
    others = [one for one in store.of_kind(DEPLOYMENTS) if one.id.key != deployment.key]
    used = sum(
        cores.get(one.properties.get("instanceType", ""), 0) * reserved(int(one.body["sku"]["capacity"]))
        for one in others
    )
    needed = cores[size] * reserved(count)
    if used + needed > CORES:
        said = (f"Not enough quota available for {size} in SubscriptionId {SUBSCRIPTION}. Current usage/limit: "
                f"{used}/{CORES}. Additional needed: {needed} {GUIDE}")  # fmt: skip
        errors = {"errors": {"VmSize": [said]}, "title": "One or more validation errors occurred."}
        raise AzureError("BadRequest", json.dumps(errors), 400)


def reserved(count: int) -> int:
    """The instances that quota is taken for."""
    return math.ceil(1.2 * count)


def _family(size: str) -> str | None:
    return next((family for family, sizes in SIZES.items() if size in [one[0] for one in sizes]), None)
