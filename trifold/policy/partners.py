"""Resources that stand beside another: an S3 bucket's settings are resources of their own that name the bucket."""

from trifold.policy.resource import Hidden, Resource
from trifold.policy.rule import Context


def beside_bucket(bucket: Resource, context: Context, *types: str) -> list[Resource]:
    """The resources of these types that belong to a bucket.

    Known names are compared. Where either is not known before it is up, a partner that could be the bucket's is taken
    for it if both have one parent, or if there is no other bucket it could belong to.
    """
    return [one for one in context.preview.of(*types) if _names(one, bucket, context)]


def _names(one: Resource, bucket: Resource, context: Context) -> bool:
    told, name = one.at("bucket"), bucket.at("bucket")
    if isinstance(told, str) and isinstance(name, str):
        return told == name
    buckets = [other for other in context.preview.of(bucket.type) if not _is_other(told, other)]
    if bucket not in buckets:
        return False
    return len(buckets) == 1 or _family(one) == _family(bucket)


def _is_other(told: object, bucket: Resource) -> bool:
    """Whether a bucket's name is known and is not the one that is told."""
    name = bucket.at("bucket")
    if isinstance(told, str):
        return isinstance(name, str) and name != told
    # A partner whose bucket is unknown belongs to one whose name is: a known name would have been handed on.
    return isinstance(told, Hidden) and isinstance(name, str)


def _family(resource: Resource) -> str:
    """The types of a resource's parents, as its URN has them."""
    return resource.urn.split("::")[2].rpartition("$")[0]
