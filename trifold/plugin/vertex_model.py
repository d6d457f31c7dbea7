"""Model versions in Vertex AI's registry. One resource is one version; all versions of one name are one model there."""

import threading
from collections.abc import Mapping
from typing import Any

from trifold.plugin.vertex_api import AWAY, Api, VertexError, api_of
from trifold.protocol.declaration import Values

# A version says what it was uploaded with, for ever; the rest can be changed.
FIXED = (
    "project",
    "location",
    "modelId",
    "image",
    "artifactUri",
    "predictRoute",
    "healthRoute",
    "port",
    "args",
    "environment",
    "deploymentTimeout",
    "versionAliases",
    "encryptionKey",
)
ALREADY_EXISTS, FAILED_PRECONDITION = "ALREADY_EXISTS", "FAILED_PRECONDITION"
ATTEMPTS = 5
# Which version of a model is its first, last or default one is decided by looking: one at a time in this process.
_order = threading.Lock()


class Versions:
    """The id is "projects/P/locations/L/models/ID@VERSION"."""

    def create(self, session: Any, inputs: Values) -> tuple[str, Values]:
        parent = f"projects/{inputs['project']}/locations/{inputs['location']}"
        api = api_of(session, parent)
        with _order:
            made = _upload(api, parent, inputs)
        id = f"{made['model']}@{made['modelVersionId']}"
        return id, _outputs(inputs, api.call("GET", id))

    def read(self, session: Any, id: str, inputs: Values) -> tuple[str, Values, Values] | None:
        found = api_of(session, id).get(id)
        if found is None:
            return None
        now = _inputs(id, found, inputs)
        return f"{found['name'].partition('@')[0]}@{found['versionId']}", now, _outputs(now, found)

    def update(self, session: Any, id: str, old: Values, inputs: Values) -> Values:
        body = {
            "displayName": inputs["displayName"],
            "versionDescription": inputs.get("description") or "",
            "labels": inputs.get("labels") or {},
        }
        return _outputs(inputs, api_of(session, id).call("PATCH", id, body, {"updateMask": ",".join(body)}))

    def delete(self, session: Any, id: str, outputs: Values) -> None:
        api = api_of(session, id)
        with _order:
            for attempt in range(ATTEMPTS):
                try:
                    return _remove(api, id)
                except VertexError as error:
                    # Another process took a version away in between: look again.
                    if error.http == 404:
                        return None
                    if error.status != FAILED_PRECONDITION or attempt == ATTEMPTS - 1 or "deployed" in str(error):
                        raise

    def find(self, session: Any, inputs: Values) -> str | None:
        """The version that carries this one's first alias and labels: that of a run that was killed."""
        aliases = inputs.get("versionAliases") or []
        if not aliases:
            return None
        name = f"projects/{inputs['project']}/locations/{inputs['location']}/models/{inputs['modelId']}"
        found = api_of(session, name).get(f"{name}@{aliases[0]}")
        if found is None or found.get("labels", {}) != (inputs.get("labels") or {}):
            return None
        return f"{found['name'].partition('@')[0]}@{found['versionId']}"


def _upload(api: Api, parent: str, inputs: Values) -> Mapping[str, Any]:
    """{"model", "modelVersionId"} of a new version; the first one makes the model."""
    name = f"{parent}/models/{inputs['modelId']}"
    first = {"modelId": inputs["modelId"], "model": _model(inputs)}
    further = {"parentModel": name, "model": _model(inputs)}
    for _ in range(ATTEMPTS):
        exists = api.get(name) is not None
        try:
            return api.run("POST", f"{parent}/models:upload", further if exists else first, twice=False)
        except VertexError as error:
            if error.http in AWAY:
                if made := _uploaded(api, name, inputs):
                    return made
            elif exists or error.status != ALREADY_EXISTS:
                raise
    return api.run("POST", f"{parent}/models:upload", further if api.get(name) else first, twice=False)


def _uploaded(api: Api, name: str, inputs: Values) -> Mapping[str, Any] | None:
    """What an upload made that was not answered: the version with its first alias, which is no other's."""
    aliases = inputs.get("versionAliases") or []
    found = api.get(f"{name}@{aliases[0]}") if aliases else None
    return found and {"model": found["name"].partition("@")[0], "modelVersionId": found["versionId"]}


def _model(inputs: Values) -> Values:
    container: Values = {
        "imageUri": inputs["image"],
        "predictRoute": inputs.get("predictRoute"),
        "healthRoute": inputs.get("healthRoute"),
        "ports": [{"containerPort": inputs["port"]}] if inputs.get("port") else None,
        "args": inputs.get("args"),
        "env": [{"name": name, "value": text} for name, text in sorted((inputs.get("environment") or {}).items())],
        "deploymentTimeout": f"{inputs['deploymentTimeout']}s" if inputs.get("deploymentTimeout") else None,
    }
    model = {
        "displayName": inputs["displayName"],
        "versionDescription": inputs.get("description"),
        "labels": inputs.get("labels"),
        "artifactUri": inputs.get("artifactUri"),
        "versionAliases": inputs.get("versionAliases"),
        "containerSpec": {name: value for name, value in container.items() if value},
        "encryptionSpec": {"kmsKeyName": inputs["encryptionKey"]} if inputs.get("encryptionKey") else None,
    }
    return {name: value for name, value in model.items() if value}


def _inputs(id: str, found: Mapping[str, Any], known: Values) -> Values:
    """What would have to be asked for to get what is there."""
    _, project, _, location, _, model = id.split("/")
    container = found.get("containerSpec", {})
    ports = container.get("ports") or [{}]
    timeout = container.get("deploymentTimeout", "")
    now: Values = {
        # The API says the project by number.
        "project": known.get("project") or project,
        "location": location,
        "modelId": model.partition("@")[0],
        "displayName": found["displayName"],
        "description": found.get("versionDescription"),
        "labels": found.get("labels"),
        "image": container.get("imageUri"),
        "artifactUri": found.get("artifactUri"),
        "predictRoute": container.get("predictRoute"),
        "healthRoute": container.get("healthRoute"),
        "port": ports[0].get("containerPort"),
        "args": container.get("args"),
        "environment": {one["name"]: one.get("value", "") for one in container.get("env", [])},
        "deploymentTimeout": int(float(timeout.removesuffix("s"))) if timeout else None,
        "versionAliases": [alias for alias in found.get("versionAliases", []) if alias != "default"],
        "encryptionKey": found.get("encryptionSpec", {}).get("kmsKeyName"),
    }
    return {name: value for name, value in now.items() if value not in (None, "", [], {}) or name in known}


def _outputs(inputs: Values, found: Mapping[str, Any]) -> Values:
    name = found["name"].partition("@")[0]
    more = {"name": name, "versionId": found["versionId"], "versionName": f"{name}@{found['versionId']}"}
    return {**inputs, **more, "createTime": found.get("versionCreateTime") or found.get("createTime", "")}


def _remove(api: Api, id: str) -> None:
    """The version; with the last one the model. The default version can't go, so another becomes it."""
    name, _, number = id.partition("@")
    versions = _versions(api, name)
    mine = next((one for one in versions if one["versionId"] == number), None)
    others = [one for one in versions if one["versionId"] != number]
    if mine is None:
        return
    if not others:
        api.run("DELETE", name)
        return
    if "default" in mine.get("versionAliases", []):
        newest = max(others, key=lambda one: int(one["versionId"]))
        api.call("POST", f"{name}@{newest['versionId']}:mergeVersionAliases", {"versionAliases": ["default"]})
    api.run("DELETE", f"{id}:deleteVersion")


def _versions(api: Api, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    token = ""
    while True:
        page = api.call("GET", f"{name}:listVersions", query={"pageToken": token} if token else None)
        found += page.get("models", [])
        token = page.get("nextPageToken", "")
        if not token:
            return found
