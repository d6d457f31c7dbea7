"""The grants and locks of the azure stack."""

from tests.conformance.grants import Grant


def grants() -> list[Grant]:
    return []
