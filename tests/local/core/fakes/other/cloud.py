"""A cloud with the least that a cloud must have."""

from trifold.local.contract import Cloud

CLOUD = Cloud(
    name="other",
    hosts=("other.example",),
    plugin="other",
    api="tests.local.core.fakes.tiny.api:create",
    provider="tests.local.core.fakes.provider:create",
    environment=lambda state: {},
)
