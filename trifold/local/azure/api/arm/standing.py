"""What the caller may have: registered providers, Azure ML's sizes and quota, free names.

A friendly cloud enforces no quota, and lets an unregistered provider answer; a hostile one does neither (api/hostile).
"""

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from trifold.local.azure.api.arm.ids import Target
from trifold.local.azure.api.wire import Raw, Reply, json_reply
from trifold.local.azure.cloud import LOCATION, SUBSCRIPTION

if TYPE_CHECKING:
    from trifold.local.azure.api.services import Azure

ML = "microsoft.machinelearningservices"
# family -> (size, vCPUs, GB of memory), as Azure ML's own vmSizes spells them; the rest of its sizes is left out.
SIZES = {
    "standardDSv2Family": (("Standard_DS2_v2", 2, 7), ("Standard_DS3_v2", 4, 14), ("Standard_DS4_v2", 8, 28)),
    "standardFSv2Family": (("Standard_F2s_v2", 2, 4), ("Standard_F4s_v2", 4, 8), ("Standard_F8s_v2", 8, 16)),
    "standardDSv5Family": (("Standard_D2s_v5", 2, 8), ("Standard_D4s_v5", 4, 16), ("Standard_D8s_v5", 8, 32)),
    "standardESv3Family": (("Standard_E2s_v3", 2, 16), ("Standard_E4s_v3", 4, 32), ("Standard_E8s_v3", 8, 64)),
}
# The least that Azure gives a subscription: https://learn.microsoft.com/azure/machine-learning/how-to-manage-quotas
CORES = 24
NAMES = {
    "microsoft.storage/checknameavailability": ("Microsoft.Storage/storageAccounts", "storage account"),
    "microsoft.containerregistry/checknameavailability": ("Microsoft.ContainerRegistry/registries", "registry"),
}


def answer(azure: "Azure", raw: Raw, target: Target) -> Reply | None:
    """The answer where the path is one of these; None for all others."""
    collection = target.collection.lower()
    if raw.method == "POST" and collection in NAMES:
        return _name_available(azure, raw, *NAMES[collection])
    if raw.method != "GET":
        return None
    place = target.id.name.lower() if target.id else ""
    if place == LOCATION and collection == f"{ML}/locations/vmsizes":
        return json_reply(200, {"value": [_size(family, *one) for family, all in SIZES.items() for one in all]})
    if place == LOCATION and collection == f"{ML}/locations/usages":
        return json_reply(200, {"value": [_usage(azure, family) for family in SIZES]})
    return None


def _name_available(azure: "Azure", raw: Raw, type: str, what: str) -> Reply:
    name = json.loads(raw.body or b"{}").get("name", "")
    if not any(one.id.name.lower() == name.lower() for one in azure.store.of_kind(type)):
        return json_reply(200, {"nameAvailable": True})
    message = f"The {what} named {name} is already taken."
    return json_reply(200, {"nameAvailable": False, "reason": "AlreadyExists", "message": message})


def _size(family: str, name: str, cores: int, memory: int) -> dict[str, Any]:
    return {
        "name": name,
        "family": family,
        "vCPUs": cores,
        "gpus": 0,
        "osVhdSizeMB": 1047552,
        "maxResourceVolumeMB": memory * 2048,
        "memoryGB": memory,
        "lowPriorityCapable": True,
        "premiumIO": True,
        "supportedComputeTypes": ["AmlCompute", "ComputeInstance"],
    }


def _usage(azure: "Azure", family: str) -> dict[str, Any]:
    cores = {name: number for name, number, _ in SIZES[family]}
    used: defaultdict[str, int] = defaultdict(int)
    for one in azure.store.of_kind("Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments"):
        size = one.properties.get("instanceType", "")
        used[family] += cores.get(size, 0) * int((one.body.get("sku") or {}).get("capacity") or 1)
    place = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.MachineLearningServices/locations/{LOCATION}"
    words = f"{family.removesuffix('Family')} Family Cluster Dedicated vCPUs"
    return {
        "id": f"{place}/vmFamily/{family}/usages/dedicated",
        "type": "Microsoft.MachineLearningServices/vmFamily/dedicated/usages",
        "unit": "Count",
        "currentValue": used[family],
        "limit": CORES,
        "name": {"value": words, "localizedValue": words},
    }
