"""The grants and locks of the aws stack."""

from tests.conformance.grants import Grant


def grants() -> list[Grant]:
    return []
