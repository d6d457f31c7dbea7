"""The local AWS for the tests of what the plugin does on it."""

from tests.local.aws.conftest import aws, world  # noqa: F401 - fixtures
