"""Azure: the kit's stack and its identities, as the owner of the subscription or as one of the identities."""

import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from infra.naming import Names
from tests.conformance import rig
from tests.local.working import Working
from trifold.doctor.azure import PROVIDERS
from trifold.local import issuer
from trifold.local.azure.cloud import LOCATION, SUBSCRIPTION, TENANT
from trifold.local.azure.provider import server as local
from trifold.local.azure.provider.session import Session
from trifold.local.layout import Layout
from trifold.plugin import registry, resource_manager
from trifold.protocol.declared import DeclaredProvider

ACCESS = rig.ROOT / "access" / "__main__.py"
SUBJECTS = {"deploy": "repo:example/trifold:environment:azure", "preview": "repo:example/trifold:pull_request"}
AUDIENCE = "api://AzureADTokenExchange"
TARGET = "worked"
# What the tests turn on: the local stack files are all to throw away.
FEATURES = ("scaling", "ephemeral")
TOKEN_SECONDS = 3600


@dataclass(frozen=True)
class Who:
    """settings: of the provider, as a stack's configuration has them; the owner's are those of the environment."""

    settings: Mapping[str, str] = field(default_factory=dict)

    def credential(self) -> Any:
        from azure.identity import ClientAssertionCredential, DefaultAzureCredential

        if not self.settings:
            return DefaultAzureCredential()
        token = self.settings["oidcToken"]
        return ClientAssertionCredential(TENANT, self.settings["clientId"], lambda: token)


OWNER = Who()


class AzureStack(Working):
    def served(self) -> Mapping[str, DeclaredProvider]:
        native = replace(local.create(), make_session=lambda inputs: Session({**inputs, **self.who.settings}))
        return {"azure-native": native, "trifold": DeclaredProvider("trifold", "0", registry.types(), self._own)}

    def _own(self, inputs: Mapping[str, Any]) -> registry.Session:
        made = registry.Session(dict(inputs))
        made.once("azure-resource-manager", lambda: resource_manager.Arm(self.who.credential()))
        return made


@contextmanager
def stack(state: Path, who: Who = OWNER, name: str = TARGET) -> Iterator[AzureStack]:
    """The kit's stack, under a name of its own: the session's may be up beside it."""
    where = {"TRIFOLD_STATE": str(state)}
    given = rig.configuration("azure")
    with AzureStack(rig.PROGRAM, who, config=given, name=name, project="trifold", environment=where) as made:
        yield made
        # Whatever is left, the owner takes away.
        made.who = OWNER
        assert made.destroy()


@contextmanager
def identities(state: Path, target: str = TARGET) -> Iterator[dict[str, Who]]:
    """The identities of the access program for a stack, by what they are for; gone afterwards."""
    given = {
        "trifold:cloud": "azure",
        "trifold:account": SUBSCRIPTION,
        "azure-native:subscriptionId": SUBSCRIPTION,
        "azure-native:location": LOCATION,
        "trifold:stack": target,
        "trifold:features": list(FEATURES),
        **{f"trifold:{kind}": [subject] for kind, subject in SUBJECTS.items()},
    }
    register(resource_manager.Arm(OWNER.credential()))
    with AzureStack(ACCESS, OWNER, config=given, name=target, project="trifold-access") as made:
        result = made.up()
        assert result, str(result)
        yield {kind: pipeline(state, kind, str(result.outputs[kind])) for kind in SUBJECTS}
        assert made.destroy()


def register(arm: resource_manager.Arm) -> None:
    """All providers of a stack, as the doctor tells the owner of a new subscription to do: who deploys may not."""
    places = [f"/subscriptions/{SUBSCRIPTION}/providers/{one}" for one in PROVIDERS]
    for place in places:
        arm.act(f"{place}/register", "2021-04-01")
    while any((arm.get(place, "2021-04-01") or {})["registrationState"] != "Registered" for place in places):
        time.sleep(0.2)


def pipeline(state: Path, kind: str, client: str) -> Who:
    """Who a job of the pipeline is."""
    key = issuer.beside(Layout(state).run("azure"))
    token = issuer.token(key, SUBJECTS[kind], AUDIENCE, TOKEN_SECONDS)
    return Who({"useOidc": "true", "clientId": client, "oidcToken": token})


def role_of(kind: str, target: str = TARGET) -> str:
    """The id of the role definition of an identity."""
    names = Names("azure", "trifold", target, SUBSCRIPTION, LOCATION)
    key = uuid.uuid5(uuid.NAMESPACE_URL, f"trifold/{SUBSCRIPTION}/{names('identity', kind)}")
    return f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/{key}"
