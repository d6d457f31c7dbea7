"""A stack on the local Azure as it changes under load: a new package, new tags, a bad package; no request fails."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.conftest import CHECKOUT
from tests.local.stacks import Load, Stack, wait_for
from trifold.local.azure.cloud import CLIENT_ID, CLIENT_SECRET, MANAGEMENT_HOST, SUBSCRIPTION, TENANT

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(900)]

SETTINGS = {
    "trifold:cloud": "azure",
    "trifold:account": SUBSCRIPTION,
    "trifold:size": "Standard_F2s_v2",
    "azure-native:subscriptionId": SUBSCRIPTION,
    "azure-native:location": "eastus",
}
# The same program by somebody who puts one more tag on everything.
TAGGING = f"""import runpy

import infra.tags

plain = infra.tags.tags
infra.tags.tags = lambda *given: {{**plain(*given), "owner": "someone"}}
runpy.run_path({str(CHECKOUT / "stacks" / "__main__.py")!r}, run_name="__main__")
"""


@pytest.fixture(scope="module")
def stack(clouds: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with Stack(clouds, "azure-models", tmp_path_factory.mktemp("packages")).up(SETTINGS) as found:
        yield found


def session(clouds: Any) -> requests.Session:
    made = requests.Session()
    made.trust_env = False
    made.proxies = {"https": clouds.env["HTTPS_PROXY"]}
    made.verify = clouds.env["REQUESTS_CA_BUNDLE"]
    return made


def address(stack: Stack) -> tuple[str, str]:
    """The scoring address and a key."""
    outputs, http = stack.outputs(), session(stack.clouds)
    form = {
        "grant_type": "client_credentials",
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "scope": f"https://{MANAGEMENT_HOST}/.default",
    }
    token = http.post(f"https://login.microsoftonline.com/{TENANT}/oauth2/v2.0/token", data=form).json()["access_token"]
    keys = f"https://{MANAGEMENT_HOST}{outputs['endpoint_id']}/listKeys?api-version=2025-12-01"
    key = http.post(keys, headers={"authorization": f"Bearer {token}"}).json()["primaryKey"]
    return outputs["endpoint_url"], key


class Caller:
    """Asks once; the digest of the package that answered."""

    def __init__(self, stack: Stack, url: str, key: str) -> None:
        self._http, self._url, self._body = session(stack.clouds), url, stack.body()
        self._headers = {"authorization": f"Bearer {key}"}

    def __call__(self) -> str:
        answer = self._http.post(self._url, json=self._body, headers=self._headers)
        assert answer.status_code == 200, f"{answer.status_code} {answer.text}"
        return answer.headers["x-trifold-digest"]


def calling(stack: Stack) -> Load:
    url, key = address(stack)
    return Load([Caller(stack, url, key) for _ in range(3)])


def test_a_new_package_comes_in_without_a_failed_request(stack: Stack) -> None:
    with calling(stack) as load:
        stack.serve("second")
        wait_for(lambda: load.said[-1] == stack.digests["second"])
    assert load.failures == []
    assert set(load.said) == {stack.digests["first"], stack.digests["second"]}


def test_new_tags_keep_the_weights_and_lose_no_request(stack: Stack, tmp_path: Path) -> None:
    """The endpoint and its deployment are PUT anew, and a PUT replaces: see infra/azure/live.py."""
    project = (CHECKOUT / "Pulumi.yaml").read_text().replace("main: stacks", "main: program")
    (tmp_path / "Pulumi.yaml").write_text(project)
    (tmp_path / "program").mkdir()
    (tmp_path / "program" / "__main__.py").write_text(TAGGING)
    (tmp_path / ".venv").symlink_to(CHECKOUT / ".venv")
    shutil.copytree(CHECKOUT / "stacks", tmp_path / "stacks")
    with calling(stack) as load:
        printed = stack.serve("second", "-C", str(tmp_path))
        asked = len(load.said)
        wait_for(lambda: len(load.said) > asked)
    assert "OnlineEndpoint endpoint-endpoint updated" in printed
    assert load.failures == []
    assert set(load.said) == {stack.digests["second"]}


def test_a_bad_package_fails_with_its_reason_and_the_old_one_serves_on(stack: Stack) -> None:
    with calling(stack) as load:
        printed = stack.serve("bad", fails=True)
    assert "ResourceNotReady: User container has crashed or terminated with exit code" in printed
    assert "card.md" in printed
    assert load.failures == []
    assert set(load.said) == {stack.digests["second"]}
    stack.serve("second")
