"""Google Cloud: the kit's stack and its identities, as the owner of the project or as one of the identities."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tests.conformance import rig
from tests.local.gcp.rig import Client, Cloud
from tests.local.working import Working
from trifold.local import issuer
from trifold.local.gcp.provider import server as local
from trifold.local.gcp.provider.session import Session
from trifold.plugin import registry
from trifold.protocol.declared import DeclaredProvider

ACCESS = rig.ROOT / "access" / "__main__.py"
SUBJECTS = {"deploy": "repo:example/trifold:environment:gcp", "preview": "repo:example/trifold:pull_request"}
SCOPE = "https://www.googleapis.com/auth/cloud-platform"


def package(state: Path) -> Path:
    """A state folder with a package; the server of these tests reads none of it."""
    home = state / "packages" / "flights" / ("f" * 64)
    (home / "package").mkdir(parents=True)
    (home / "package" / "manifest.json").write_text(json.dumps({"name": "flights", "digest": "f" * 64}))
    (home / "model.tar.gz").write_bytes(b"an archive")
    (home.parent / "current").symlink_to(home.name)
    return state


class GcpStack(Working):
    """who: a client of the cloud."""

    who: Client

    def served(self) -> Mapping[str, DeclaredProvider]:
        google = replace(local.create(), make_session=self._session)
        return {"gcp": google, "trifold": DeclaredProvider("trifold", "0", registry.types(), self._own)}

    def _session(self, inputs: Mapping[str, Any]) -> Session:
        made = Session(dict(inputs))
        made._http = self.who
        return made

    def _own(self, inputs: Mapping[str, Any]) -> registry.Session:
        made = registry.Session(dict(inputs))
        made.once("google", lambda: self.who)
        return made


@contextmanager
def stack(who: Client, state: Path) -> Iterator[GcpStack]:
    """The kit's stack."""
    given = rig.configuration("gcp")
    where = {"TRIFOLD_STATE": str(state)}
    with GcpStack(rig.PROGRAM, who, config=given, name="gcp", project="trifold", environment=where) as made:
        yield made


@contextmanager
def identities(cloud: Cloud) -> Iterator[dict[str, Client]]:
    """Those of the access program, as jobs of the pipeline have them."""
    given = {
        "trifold:cloud": "gcp",
        "trifold:account": "local",
        "gcp:project": "local",
        "gcp:region": "us-central1",
        "trifold:stack": "gcp",
        **{f"trifold:{kind}": [subject] for kind, subject in SUBJECTS.items()},
    }
    with GcpStack(ACCESS, cloud.owner, config=given, name="gcp", project="trifold-access") as made:
        result = made.up()
        assert result, str(result)
        yield {kind: pipeline(cloud, subject, str(result.outputs[kind])) for kind, subject in SUBJECTS.items()}


def pipeline(cloud: Cloud, subject: str, account: str) -> Client:
    """A job of the pipeline that works as an account: its own token, Google's for it, the account's for that."""
    where = f"projects/1/locations/global/workloadIdentityPools/{_pool(cloud)}/providers/pipeline"
    form = {
        "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
        "audience": f"//iam.googleapis.com/{where}",
        "subject_token": issuer.token(issuer.beside(cloud.state), subject, f"https://iam.googleapis.com/{where}"),
        "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
    }
    headers = {"content-type": "application/x-www-form-urlencoded"}
    told = cloud.request("POST", "https://sts.googleapis.com/v1/token", data=urlencode(form).encode(), headers=headers)
    asked = f"https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/{account}:generateAccessToken"
    given = Client(cloud, told.json()["access_token"]).post(asked, json={"scope": [SCOPE]})
    assert given.status_code == 200, given.text
    return Client(cloud, given.json()["accessToken"])


def _pool(cloud: Cloud) -> str:
    where = "https://iam.googleapis.com/v1/projects/local/locations/global/workloadIdentityPools"
    (found,) = cloud.owner.request("GET", where).json()["workloadIdentityPools"]
    return str(found["name"]).rpartition("/")[2]
