"""Tags and labels: the same keys and values on all three clouds, so within the narrowest of their rules, Google's:
lower-case letters, digits, _ and -, at most 63 characters."""

import hashlib
import re
from collections.abc import Mapping

LONGEST = 63
# What the kit says itself (infra.keeping has the last).
OWN = ("project", "stack", "capability", "expires", "package", "on_destroy")
# AWS and Azure take 50 of a resource, Google 64.
MOST = 40
# Names and values of tags that the user adds: AWS and Azure take more than labels do.
# https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html
# https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources (128 in storage accounts' names)
# https://cloud.google.com/compute/docs/labeling-resources#requirements
RULES = {
    "aws": (r"(?!aws:)[\w .:/=+@-]{1,128}", r"[\w .:/=+@-]{0,256}"),
    "azure": (r"[^<>%&\\?/]{1,128}", r".{0,256}"),
    "gcp": (r"[a-z][a-z0-9_-]{0,62}", r"[a-z0-9_-]{0,63}"),
}


def tags(project: str, stack: str, capability: str, expires: str = "") -> dict[str, str]:
    """What every resource carries that can carry tags. expires: the last day the stack is wanted, YYYY-MM-DD."""
    until = {"expires": value(expires)} if expires else {}
    return {"project": value(project), "stack": value(stack), "capability": value(capability), **until}


def own(tags: Mapping[str, str]) -> dict[str, str]:
    """The kit's own of some tags: for objects and blobs, which are no resources and take fewer of them (S3: 10)."""
    return {key: text for key, text in tags.items() if key in OWN}


def problem(cloud: str, key: str, text: str) -> str:
    """What is wrong with a tag that the user adds, or ""."""
    name, allowed = RULES[cloud]
    if key.lower() in OWN:
        return f"is the kit's own; those are {', '.join(OWN)}"
    if not re.fullmatch(name, key):
        return f"is no name of a tag there; it must match {name}"
    if not re.fullmatch(allowed, text):
        return f"{text!r} is no value of a tag there; it must match {allowed}"
    return ""


def value(text: str) -> str:
    """The text as a label's value; one that had to be changed or shortened ends in a hash, so that it stays its own."""
    fitted = re.sub(r"[^a-z0-9_-]", "-", text.lower())
    if fitted == text and len(fitted) <= LONGEST:
        return text
    return f"{fitted[: LONGEST - 9]}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"
