"""Pulumi's resource names: `urn:pulumi:STACK::PROJECT::PARENTTYPE$TYPE::NAME`, and references to providers."""

from typing import Final

PREFIX: Final = "urn:pulumi:"
ROOT_TYPE: Final = "pulumi:pulumi:Stack"
PROVIDER_TYPE: Final = "pulumi:providers:"


def make(stack: str, project: str, parent: str, type: str, name: str) -> str:
    """The URN of a resource; the root stack is nobody's parent in a URN."""
    outer = qualified_type(parent) if parent else ""
    qualified = f"{outer}${type}" if outer and outer != ROOT_TYPE else type
    return f"{PREFIX}{stack}::{project}::{qualified}::{name}"


def _parts(urn: str) -> list[str]:
    parts = urn.removeprefix(PREFIX).split("::", 3)
    if not urn.startswith(PREFIX) or len(parts) != 4:
        raise ValueError(f"{urn!r} is not a resource's URN")
    return parts


def check(urn: str) -> str:
    """The URN itself; ValueError if it is none."""
    _parts(urn)
    return urn


def stack(urn: str) -> str:
    return _parts(urn)[0]


def project(urn: str) -> str:
    return _parts(urn)[1]


def qualified_type(urn: str) -> str:
    """The type with those of its parents: `outer$inner`."""
    return _parts(urn)[2]


def type_of(urn: str) -> str:
    return qualified_type(urn).rpartition("$")[2]


def name(urn: str) -> str:
    return _parts(urn)[3]


def is_root(urn: str) -> bool:
    return bool(urn) and qualified_type(urn) == ROOT_TYPE


def is_provider_type(type: str) -> bool:
    return type.startswith(PROVIDER_TYPE)


def is_default_provider(urn: str) -> bool:
    """Whether it is the provider of those that name none: nobody's own resource, and not counted as one."""
    return is_provider_type(type_of(urn)) and name(urn).startswith("default")


def package_of(type: str) -> str:
    """The package that serves a type: `aws` for `aws:s3/bucket:Bucket` and for `pulumi:providers:aws`."""
    return type.removeprefix(PROVIDER_TYPE) if is_provider_type(type) else type.partition(":")[0]


def split_reference(reference: str) -> tuple[str, str]:
    """(URN, id) of a provider reference `URN::ID`."""
    urn, separator, ident = reference.rpartition("::")
    if not separator or not urn.startswith(PREFIX):
        raise ValueError(f"{reference!r} is not a provider reference")
    return urn, ident
