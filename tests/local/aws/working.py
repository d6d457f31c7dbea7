"""The kit's own programs on a running AWS API, as one of its identities: the providers sign with that one's key.

In this process but for the API and the program, so that a stack is up in seconds.
"""

import dataclasses
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any

import boto3

from tests.conformance import rig
from tests.local.aws.conftest import Cloud, archive
from tests.local.working import Working
from trifold.local.aws.cloud import REGION, USER_ARN
from trifold.local.aws.provider import server as local
from trifold.local.aws.provider.retries import through_conflicts
from trifold.local.aws.provider.session import Session
from trifold.plugin import registry
from trifold.protocol.declared import DeclaredProvider

ACCESS = rig.ROOT / "access" / "__main__.py"
RETRIES = {"mode": "standard", "total_max_attempts": 5}


def package(state: Path) -> Path:
    """A state folder with a package that the stub serves."""
    home = state / "packages" / "flights" / ("f" * 64)
    (home / "package").mkdir(parents=True)
    (home / "package" / "manifest.json").write_text(json.dumps({"name": "flights", "digest": "f" * 64}))
    (home / "model.tar.gz").write_bytes(archive(says="flights"))
    (home.parent / "current").symlink_to(home.name)
    return state


def client(cloud: Cloud, service: str) -> Any:
    """As the local provider's own clients are."""
    made = cloud.client(service, retries=RETRIES)
    return through_conflicts(made) if service == "s3" else made


class AwsStack(Working):
    """A stack whose providers sign as `who`, a Cloud."""

    def served(self) -> Mapping[str, DeclaredProvider]:
        return {"aws": self._aws(), "trifold": self._own()}

    def _aws(self) -> DeclaredProvider:
        def session(inputs: Mapping[str, Any]) -> Session:
            cloud = self.who

            class Direct(Session):
                def client(self, service: str, region: str | None = None) -> Any:
                    return client(cloud, service)

            return Direct(dict(inputs))

        return dataclasses.replace(local.create(), make_session=session)

    def _own(self) -> DeclaredProvider:
        def session(inputs: Mapping[str, Any]) -> registry.Session:
            made = registry.Session(dict(inputs))
            made.once(("sagemaker", REGION), lambda: client(self.who, "sagemaker"))
            return made

        return DeclaredProvider("trifold", "0", registry.types(), session)


@contextmanager
def stack(
    cloud: Cloud, state: Path, name: str = "aws", changes: Mapping[str, Any] = MappingProxyType({})
) -> Iterator[AwsStack]:
    """The kit's stack."""
    given = {**rig.configuration("aws"), **changes}
    where = {"TRIFOLD_STATE": str(state)}
    with AwsStack(rig.PROGRAM, cloud, config=given, name=name, project="trifold", environment=where) as made:
        yield made


def identities(cloud: Cloud, target: str = "aws", changes: Mapping[str, Any] = MappingProxyType({})) -> dict[str, str]:
    """The roles of the access program for a stack, by what they are for; the local administrator may assume them."""
    given = {
        "trifold:cloud": "aws",
        "trifold:account": rig.configuration("aws")["trifold:account"],
        "aws:region": REGION,
        "trifold:stack": target,
        "trifold:deploy": ["repo:example/trifold:environment:aws"],
        "trifold:preview": ["repo:example/trifold:pull_request"],
        "trifold:principals": [USER_ARN],
        **changes,
    }
    with AwsStack(ACCESS, cloud, config=given, name=target, project="trifold-access") as made:
        result = made.up()
        assert result, str(result)
        return {kind: str(result.outputs[kind]) for kind in ("deploy", "preview")}


def assumed(cloud: Cloud, role: str) -> Cloud:
    """The same API for who has assumed a role."""
    held = client(cloud, "sts").assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
    made = Cloud(cloud.port)
    key = (held["AccessKeyId"], held["SecretAccessKey"], held["SessionToken"])
    made.session = boto3.Session(*key, region_name=REGION)
    return made
