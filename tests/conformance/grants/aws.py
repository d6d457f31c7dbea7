"""AWS: what the endpoints' role is granted, and what keeps others out of the bucket.

A host that is to answer plain HTTP itself (aws:SecureTransport) is named in the cloud's `plain_hosts`: decision 69.
"""

from tests.conformance.grants import Grant


def grants() -> list[Grant]:
    return []
