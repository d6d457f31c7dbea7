"""Google Cloud: the seven checks, through Google's own REST with google-auth. Reads only."""

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from typing import Any
from urllib.parse import quote

from trifold.doctor import google_rights, images, sizes
from trifold.doctor import names as naming
from trifold.doctor.checks import ERROR, WARNING, Ask, Finding, NoCredentials, Unknown, apart
from trifold.facts.needs import Need, needs

SIGN_IN = "gcloud auth application-default login"
SCOPE = "https://www.googleapis.com/auth/cloud-platform"
# What must be on before the first `up`, and what the stack's foundation turns on itself.
BEFORE = ("serviceusage", "cloudresourcemanager")
TURNED_ON = ("aiplatform", "artifactregistry", "iam", "storage")
# feature -> what else the stack turns on.
MORE_TURNED_ON = {"budget": ("billingbudgets", "monitoring")}
CPUS = "aiplatform.googleapis.com/custom_model_serving_cpus"
ADDRESSES = {
    "projects": "https://cloudresourcemanager.googleapis.com/v1/projects/{project}",
    "usage": "https://serviceusage.googleapis.com/v1/projects/{project}/services/{{0}}.googleapis.com",
    "quota": "https://serviceusage.googleapis.com/v1beta1/projects/{project}/services/aiplatform.googleapis.com"
    "/consumerQuotaMetrics/{{0}}",
    "place": "https://aiplatform.googleapis.com/v1/projects/{project}/locations/{region}",
    "endpoint": "https://{region}-aiplatform.googleapis.com/v1/projects/{project}/locations/{region}/endpoints/{{0}}",
    "registry": "https://artifactregistry.googleapis.com/v1/projects/{project}/locations/{region}/repositories/{{0}}",
    "bucket": "https://storage.googleapis.com/storage/v1/b/{{0}}?projection=noAcl",
    "account": "https://iam.googleapis.com/v1/projects/{project}/serviceAccounts/{{0}}",
}


class Client:
    """Google's REST APIs: answers as (status, JSON)."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    def get(self, address: str, name: str = "") -> tuple[int, Any]:
        where = ADDRESSES[address].format(project=self._ask.account, region=self._ask.region)
        return self.request("GET", where.format(quote(name, safe="")))

    def request(self, method: str, url: str, body: Any = None) -> tuple[int, Any]:
        """Any address of Google's."""
        # Sessions are not safe for threads; making one costs nothing beside a call.
        answer = self._session().request(method, url, json=body, timeout=30)
        return answer.status_code, answer.json() if answer.content else {}

    def _session(self) -> Any:
        from google.auth.transport.requests import AuthorizedSession
        from requests.adapters import HTTPAdapter
        from urllib3.util import Retry

        made = AuthorizedSession(self.credentials)
        # What is throttled, or not available right now, was not done: so any call may be asked again.
        again = Retry(total=3, backoff_factor=0.5, status_forcelist=(429, 503), allowed_methods=None,
                      raise_on_status=False)  # fmt: skip
        made.mount("https://", HTTPAdapter(max_retries=again))
        return made

    @cached_property
    def credentials(self) -> Any:
        import google.auth

        return google.auth.default(scopes=[SCOPE])[0]

    @property
    def member(self) -> str:
        """The caller as policies name it, where the credentials say."""
        address = getattr(self.credentials, "service_account_email", "")
        return f"serviceAccount:{address}" if "@" in str(address) else "user:YOU"

    @contextmanager
    def translated(self) -> Iterator[None]:
        """google-auth's errors in the doctor's words."""
        import requests
        from google.auth.exceptions import GoogleAuthError, TransportError

        try:
            yield
        except (TransportError, requests.RequestException) as error:
            raise Unknown(str(error)) from None
        except GoogleAuthError as error:
            raise NoCredentials(str(error), SIGN_IN) from None


def expected(status: int, answer: Any) -> Any:
    """The answer, where it is one. Raises Unknown with the service's words."""
    if status != 200:
        error = answer.get("error", {})
        raise Unknown(
            f"Google answered {status} {error.get('status', '')}: {error.get('message', '')}", enabling(answer)
        )
    return answer


def enabling(answer: Any) -> str:
    """The command that turns on the API whose being off is why Google refused; "" where that is not why."""
    for detail in answer.get("error", {}).get("details", []):
        if detail.get("reason") == "SERVICE_DISABLED":
            said = detail.get("metadata", {})
            return (
                f"gcloud services enable {said.get('service')} --project {said.get('consumer', '').rpartition('/')[2]}"
            )
    return ""


def identity(client: Client, ask: Ask) -> Iterator[Finding]:
    """Whether the provider works in the pinned project, and the credentials reach it."""
    used = ask.configured or os.environ.get("GOOGLE_PROJECT") or ask.account
    if used != ask.account:
        yield Finding("identity", ERROR, f"the provider works in project {used}, and {ask.account} is pinned", ask.file,
                      ask.sets("gcp:project", ask.account))  # fmt: skip
        return
    status, answer = client.get("projects")
    if status in (401, 403, 404):
        words = answer.get("error", {}).get("message", "")
        yield Finding("identity", ERROR, f"the credentials do not reach project {ask.account}: {words}", ask.file,
                      enabling(answer) or f"{SIGN_IN}  # as one who may use {ask.account}")  # fmt: skip
        return
    state = expected(status, answer).get("lifecycleState")
    if state != "ACTIVE":
        yield Finding("identity", ERROR, f"the project is {state}", ask.account,
                      f"gcloud projects undelete {ask.account}")  # fmt: skip


def permissions(client: Client, ask: Ask) -> Iterator[Finding]:
    """testIamPermissions of the project, and of each thing that is not the project's to give rights to: inherited roles
    and denials are in its answer."""
    asked: dict[str, list[tuple[str, Need]]] = {}
    project = google_rights.PROJECT.format(ask.account)
    for type, need in needs("gcp", ask.features).items():
        for target in need.targets(ask.places):
            asked.setdefault(project if target == "*" else target, []).append((type, need))
    return apart(client, "permissions", *(_lacking(client, name, rows) for name, rows in asked.items()))


def _lacking(client: Client, name: str, rows: Iterable[tuple[str, Need]]) -> Iterator[Finding]:
    wanted = sorted({action for _, need in rows for action in need.actions})
    answer = expected(*client.request(*google_rights.question(name, wanted)))
    held = set(answer.get("permissions", []))
    for type, need in rows:
        if denied := [action for action in need.actions if action not in held]:
            grant = google_rights.grant(name)
            yield Finding("permissions", ERROR, f"{type} needs {', '.join(denied)}", google_rights.within(name),
                          f"{grant} --member={client.member} --role={need.role}")  # fmt: skip


def services(client: Client, ask: Ask) -> Iterator[Finding]:
    """APIs of the project."""
    more = (name for feature, names in MORE_TURNED_ON.items() if feature in ask.features for name in names)
    for name in (*BEFORE, *TURNED_ON, *more):
        state = expected(*client.get("usage", name)).get("state")
        if state != "ENABLED":
            severity, after = (ERROR, "") if name in BEFORE else (WARNING, ": the stack's first `up` turns it on")
            yield Finding("services", severity, f"{name}.googleapis.com is {str(state).lower()}{after}",
                          f"projects/{ask.account}",
                          f"gcloud services enable {name}.googleapis.com --project {ask.account}")  # fmt: skip


def placement(client: Client, ask: Ask) -> Iterator[Finding]:
    """Vertex AI's regions; which machine types a region has no API tells, so that is by the dated price facts."""
    status, answer = client.get("place")
    # Google says of a place that is none that it may not be seen, "or it may not exist".
    if status in (400, 404) or (status == 403 and "may not exist" in answer.get("error", {}).get("message", "")):
        yield sizes.no_region(ask, ask.regions)
        return
    expected(status, answer)
    priced = _priced(ask.region)
    if not priced:
        raise Unknown(f"no API tells Vertex AI's machine types, and the price facts have none for {ask.region}",
                      "https://cloud.google.com/vertex-ai/docs/predictions/configure-compute")  # fmt: skip
    for size in ask.sizes:
        if size.rpartition("-")[0] not in {one.rpartition("-")[0] for one in priced}:
            raise Unknown(f"the price facts do not know {size} in {ask.region}")


def _priced(region: str) -> set[str]:
    from trifold.facts.load import prices

    return {one.sku_or_meter for one in prices() if (one.service, one.region) == ("vertex.prediction.node", region)}


def quota(client: Client, ask: Ask) -> Iterator[Finding]:
    """CPUs for serving models in the region."""
    found = expected(*client.get("quota", CPUS))
    limits = [_limit(bucket) for one in found.get("consumerQuotaLimits", [])
              for bucket in one.get("quotaBuckets", [])
              if bucket.get("dimensions", {}).get("region", ask.region) == ask.region]  # fmt: skip
    if not limits:
        raise Unknown(f"Google lists no limit of {CPUS} for {ask.region}")
    limit = min(limits)
    cores = sum(count * int(re.findall(r"\d+", size)[-1]) for size, count in ask.sizes.items())
    if 0 <= limit < cores:
        yield sizes.short(ask, CPUS, limit, cores, "CPUs",
                          f"gcloud alpha services quota update --service=aiplatform.googleapis.com --metric={CPUS} "
                          f"--unit='1/{{project}}/{{region}}' --dimensions=region={ask.region} --value={cores} "
                          f"--consumer=projects/{ask.account}")  # fmt: skip


def _limit(bucket: Mapping[str, Any]) -> int:
    return int(bucket.get("effectiveLimit", bucket.get("defaultLimit", -1)))


def names(client: Client, ask: Ask) -> Iterator[Finding]:
    """Bucket, repository and endpoint: free, or with the stack's labels. A deleted service account holds no name."""
    registry, endpoint, place = ask.names["registry"], ask.names["endpoint"], f"{ask.region} --project={ask.account}"
    remove = f"gcloud artifacts repositories delete {registry} --location={place}"
    parts = {
        "bucket": _bucket(client, ask, ask.names["bucket"]),
        "registry": _labelled(client, ask, "registry", remove),
        "endpoint": _labelled(client, ask, "endpoint", f"gcloud ai endpoints delete {endpoint} --region={place}"),
    }
    return apart(client, "names", *naming.own(ask, parts))


def _bucket(client: Client, ask: Ask, name: str) -> Iterator[Finding]:
    status, found = client.get("bucket", name)
    if status in (401, 403):
        yield naming.taken(ask, "bucket", name, naming.OR_HIDDEN)
    elif status != 404:
        yield from naming.judged(ask, "bucket", name, expected(status, found).get("labels"),
                                 f"gcloud storage buckets delete gs://{name}")  # fmt: skip


def _labelled(client: Client, ask: Ask, what: str, remove: str) -> Iterator[Finding]:
    name = ask.names[what]
    status, found = client.get(what, name)
    if status != 404:
        yield from naming.judged(ask, what, name, expected(status, found).get("labels"), remove)


def image(client: Client, ask: Ask) -> Iterator[Finding]:
    """By digest, in Artifact Registry."""
    from google.auth.transport.requests import Request

    repository = f"{ask.account}/{ask.names['registry']}/"
    host, repository = images.place(ask.image, f"{ask.region}-docker.pkg.dev", repository)
    if f"/{ask.names['registry']}/" in f"/{repository}" and client.get("registry", ask.names["registry"])[0] == 404:
        yield images.no_registry_yet(ask, host)
        return
    client.credentials.refresh(Request())
    get = images.getter(f"https://{host}/v2/{repository}/", {"authorization": f"Bearer {client.credentials.token}"})
    yield from images.judged(get, ask, f"{host}/{repository}")
