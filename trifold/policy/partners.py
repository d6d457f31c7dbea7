"""Resources that stand beside another: an S3 bucket's settings are resources of their own that name the bucket."""

from collections.abc import Iterator, Sequence

from trifold.policy.resource import Hidden, Resource
from trifold.policy.rule import Context, Said


def beside_bucket(bucket: Resource, context: Context, type: str) -> tuple[list[Resource], bool]:
    """(the resources of a type that belong to a bucket, whether one perhaps does).

    A setting mostly names its bucket by an id that nobody knows before it is up, and events tell no dependencies. Such
    settings are counted against the buckets that none names: first among those with the same parents, then among what
    is left. If there are enough for all, each has its own; if there are some, nobody can tell whose they are.
    """
    settings = context.preview.of(type)
    named = [one for one in settings if _is_of(one, bucket)]
    if named:
        return named, False
    loose = [one for one in settings if isinstance(one.at("bucket"), Hidden)]
    buckets = [one for one in context.preview.of(bucket.type) if not any(_is_of(each, one) for each in settings)]
    families = {_family(one) for one in loose} & {_family(one) for one in buckets}
    mine = _family(bucket) if _family(bucket) in families else None
    own, rivals = _group(loose, mine, families), _group(buckets, mine, families)
    return (own, False) if len(own) >= len(rivals) else ([], bool(own))


def without(bucket: Resource, context: Context, type: str, path: str, text: str) -> Iterator[Said]:
    """What there is to say if no resource of the type belongs to a bucket: that it is missing, or may be."""
    found, perhaps = beside_bucket(bucket, context, type)
    if perhaps:
        yield Said(
            path, "cannot tell: there are fewer of them than buckets, and whose they are is not known", unsure=True
        )
    elif not found:
        yield missing(context, path, text)


def missing(context: Context, path: str, text: str) -> Said:
    """A resource that should stand beside another is not there; or is not shown, which is not the same."""
    if context.preview.absent:
        hint = f"cannot tell: {context.preview.absent} unchanged resources are not shown by this digest"
        return Said(path, hint, unsure=True)
    return Said(path, text)


def _is_of(setting: Resource, bucket: Resource) -> bool:
    name = bucket.at("bucket")
    return isinstance(name, str) and setting.at("bucket") == name


def _family(resource: Resource) -> str:
    """The types of a resource's parents, as its URN has them."""
    return resource.urn.split("::")[2].rpartition("$")[0]


def _group(resources: Sequence[Resource], family: str | None, families: set[str]) -> list[Resource]:
    """Those of a family; for None, those of no family that has both buckets and settings."""
    return [
        one for one in resources if (_family(one) == family if family is not None else _family(one) not in families)
    ]
