"""Models: uploaded in versions, found by number or alias, changed, deleted (projects.locations.models)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from trifold.local.gcp.api.errors import GoogleError, invalid, not_found
from trifold.local.gcp.api.schema import mask_paths
from trifold.local.gcp.api.vertex.artifacts import Artifacts
from trifold.local.gcp.api.vertex.filters import page
from trifold.local.gcp.api.vertex.lro import EMPTY, TYPES, LongRunning
from trifold.local.gcp.api.vertex.names import (
    ALIAS,
    IDENT,
    PARENT,
    check_display_name,
    check_labels,
    check_parent,
    local,
    new_id,
    now,
)
from trifold.local.gcp.api.wire import Call

BASE = "projects.locations.models"
CHANGEABLE = ("displayName", "description", "labels", "versionDescription")


@dataclass
class ModelVersion:
    """meta: what the API shows, except aliases and where it is deployed. copy: the gs:// address of Google's copy."""

    number: str
    meta: dict[str, Any]
    copy: str
    aliases: list[str] = field(default_factory=list)


@dataclass
class Model:
    ident: str
    versions: dict[str, ModelVersion] = field(default_factory=dict)
    last: int = 0

    @property
    def name(self) -> str:
        return f"{PARENT}/models/{self.ident}"

    @property
    def default(self) -> ModelVersion:
        return next(one for one in self.versions.values() if "default" in one.aliases)

    def version(self, reference: str) -> ModelVersion | None:
        """By number or alias; the default one for ""."""
        if not reference:
            return self.default
        if reference in self.versions:
            return self.versions[reference]
        return next((one for one in self.versions.values() if reference in one.aliases), None)


class Models:
    """deployments: (model's name, version or "") -> [(endpoint's name, deployed model's id)]; set by the service."""

    def __init__(self, operations: LongRunning, artifacts: Artifacts) -> None:
        self._operations, self._artifacts = operations, artifacts
        self._models: dict[str, Model] = {}
        self.deployments: Callable[[str, str], list[tuple[str, str]]] = lambda name, version: []

    def handlers(self) -> dict[str, Any]:
        return {
            f"{BASE}.upload": self.upload,
            f"{BASE}.get": self.get,
            f"{BASE}.list": self.list,
            f"{BASE}.listVersions": self.list_versions,
            f"{BASE}.patch": self.patch,
            f"{BASE}.mergeVersionAliases": self.merge_aliases,
            f"{BASE}.delete": self.delete,
            f"{BASE}.deleteVersion": self.delete_version,
        }

    def find(self, name: str) -> tuple[Model, ModelVersion]:
        """By "projects/P/locations/L/models/ID[@version or alias]". Raises NOT_FOUND."""
        plain, _, reference = local(name).partition("@")
        model = self._models.get(plain.removeprefix(f"{PARENT}/models/"))
        version = model.version(reference) if model else None
        if model is None or version is None:
            raise not_found(f"The Model does not exist: {name}")
        return model, version

    def upload(self, call: Call) -> Any:
        check_parent(call.path)
        given = call.body.get("model", {})
        _check(given)
        model = self._target(call)
        try:
            copy = self._artifacts.copy(given["artifactUri"]) if given.get("artifactUri") else ""
        except GoogleError as error:
            return self._operations.failed(model.name, "UploadModel", error)
        version = self._added(model, given, copy)
        self._models[model.ident] = model
        response = {"@type": f"{TYPES}UploadModelResponse", "model": model.name, "modelVersionId": version.number}
        return self._operations.done(model.name, "UploadModel", response)

    def get(self, call: Call) -> Any:
        return self.view(*self._found(call))

    def list(self, call: Call) -> Any:
        check_parent(call.path)
        return page(call, "models", (self.view(one, one.default) for one in self._models.values()))

    def list_versions(self, call: Call) -> Any:
        model, _ = self._found(call)
        versions = sorted(model.versions.values(), key=lambda one: int(one.number), reverse=True)
        return page(call, "models", [self.view(model, one) for one in versions])

    def patch(self, call: Call) -> Any:
        model, version = self._found(call)
        paths = mask_paths(call.query.get("updateMask", ""), CHANGEABLE)
        check_labels(call.body.get("labels", {}))
        for path in paths:
            # Labels and names belong to a version; Google shows the default version's for the model.
            version.meta[path] = call.body.get(path, {} if path == "labels" else "")
        version.meta["versionUpdateTime"] = version.meta["updateTime"] = now()
        return self.view(model, version)

    def merge_aliases(self, call: Call) -> Any:
        model, version = self._found(call)
        for alias in call.body.get("versionAliases", []):
            plain = alias.removeprefix("-")
            _check_alias(plain)
            if alias.startswith("-"):
                if plain == "default":
                    raise invalid("The default alias can not be removed; give it to another version.")
                version.aliases = [one for one in version.aliases if one != plain]
            else:
                _give(model, version, plain)
        version.meta["versionUpdateTime"] = now()
        return self.view(model, version)

    def delete(self, call: Call) -> Any:
        model, _ = self._found(call)
        self._check_free(model, "")
        for version in model.versions.values():
            self._artifacts.remove(version.copy)
        del self._models[model.ident]
        return self._operations.done(model.name, "Delete", EMPTY)

    def delete_version(self, call: Call) -> Any:
        model, version = self._found(call)
        if "@" not in call.path["modelsId"]:
            raise invalid("The name must have a version id.")
        if len(model.versions) == 1:
            raise GoogleError(
                "FAILED_PRECONDITION", "The only version of a Model can not be deleted; delete the Model."
            )
        if "default" in version.aliases:
            raise GoogleError("FAILED_PRECONDITION", "The default version of a Model can not be deleted.")
        self._check_free(model, version.number)
        self._artifacts.remove(version.copy)
        del model.versions[version.number]
        return self._operations.done(model.name, "Delete", EMPTY)

    def view(self, model: Model, version: ModelVersion) -> dict[str, Any]:
        deployed = [{"endpoint": endpoint, "deployedModelId": ident}
                    for endpoint, ident in self.deployments(model.name, version.number)]  # fmt: skip
        return {
            **version.meta,
            "name": model.name,
            "versionId": version.number,
            "versionAliases": list(version.aliases),
            **({"deployedModels": deployed} if deployed else {}),
        }

    def _found(self, call: Call) -> tuple[Model, ModelVersion]:
        check_parent(call.path)
        return self.find(f"{PARENT}/models/{call.path['modelsId']}")

    def _target(self, call: Call) -> Model:
        """The model that a new version is for; a new one without a parent."""
        parent, ident = call.body.get("parentModel", ""), call.body.get("modelId", "")
        if parent:
            return self.find(parent.partition("@")[0])[0]
        if ident and not IDENT.fullmatch(ident):
            raise invalid(f"Invalid model_id: {ident}. It must match [a-z0-9_-] and have at most 63 characters.")
        if ident in self._models:
            raise GoogleError("ALREADY_EXISTS", f"Model {PARENT}/models/{ident} already exists.")
        return Model(ident or new_id())

    def _added(self, model: Model, given: Mapping[str, Any], copy: str) -> ModelVersion:
        model.last += 1
        moment = now()
        created = model.default.meta["createTime"] if model.versions else moment
        kept = {
            name: value for name, value in given.items() if name not in ("versionAliases", "name", "etag") and value
        }
        meta = {
            **kept,
            "createTime": created,
            "updateTime": moment,
            "versionCreateTime": moment,
            "versionUpdateTime": moment,
            "etag": f"AMEw9y{new_id(12)}",
            "supportedDeploymentResourcesTypes": ["DEDICATED_RESOURCES"],
            "modelSourceInfo": {"sourceType": "CUSTOM"},
        }
        version = ModelVersion(str(model.last), meta, copy)
        first = not model.versions
        model.versions[version.number] = version
        for alias in [*given.get("versionAliases", []), *(["default"] if first else [])]:
            _give(model, version, alias)
        return version

    def _check_free(self, model: Model, version: str) -> None:
        held = self.deployments(model.name, version)
        if held:
            endpoints = ", ".join(sorted({endpoint for endpoint, _ in held}))
            message = (
                f'The Model "{model.name}" is deployed or being deployed at the following Endpoint(s): {endpoints}.'
            )
            raise GoogleError("FAILED_PRECONDITION", message)


def _give(model: Model, version: ModelVersion, alias: str) -> None:
    """An alias names one version: the one that had it loses it."""
    for other in model.versions.values():
        other.aliases = [one for one in other.aliases if one != alias]
    version.aliases.append(alias)


def _check(given: Mapping[str, Any]) -> None:
    check_display_name(given.get("displayName", ""), "model")
    check_labels(given.get("labels", {}))
    container = given.get("containerSpec", {})
    if not container.get("imageUri"):
        field = "model.container_spec.image_uri"
        raise invalid(f"{field} is required.", (field, "Required field is not set."))
    for variable in container.get("env", []):
        if variable.get("name", "").startswith("AIP_"):
            name = variable["name"]
            raise invalid(f"Environment variable {name} is reserved: Vertex AI sets those that begin with AIP_.")
    for alias in given.get("versionAliases", []):
        _check_alias(alias)


def _check_alias(alias: str) -> None:
    if not ALIAS.fullmatch(alias):
        raise invalid(f"Invalid version alias: {alias}. It must match {ALIAS.pattern}.")
