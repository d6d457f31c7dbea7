"""The grants and locks of the gcp stack."""

from tests.conformance.grants import Grant


def grants() -> list[Grant]:
    return []
