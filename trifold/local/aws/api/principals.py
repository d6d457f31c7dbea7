"""IAM's roles and users, as far as rights depend on them."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Role:
    """A role as a service sees it: who may assume it, and its policy documents (JSON)."""

    arn: str
    id: str
    trust: str
    policies: tuple[str, ...]


@dataclass(frozen=True)
class User:
    """A user: its policy documents (JSON), and the secrets of its active keys by their ids."""

    arn: str
    id: str
    policies: tuple[str, ...]
    keys: Mapping[str, str]
