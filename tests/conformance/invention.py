"""Outputs for resources that no cloud made: what the SDK's own class says there will be, by type and by name."""

import enum
import functools
import importlib
import inspect
import typing
from collections.abc import Callable, Mapping
from pkgutil import iter_modules
from typing import Any

from pulumi import _types

from tests.conformance.lookups import LOOKUPS, NotThere
from trifold.plugin import resources
from trifold.protocol.shapes import LOADING

DEPTH = 4


def resource_class(token: str) -> type:
    """The SDK's class of a type token, for the providers the kit uses: aws:s3/bucket:Bucket is pulumi_aws.s3.Bucket."""
    package, module, name = token.split(":")
    if package == "trifold":
        return _kits_own(name)
    with LOADING:
        found = importlib.import_module(f"pulumi_{package.replace('-', '_')}.{module.split('/')[0].lower()}")
        # A lazy module whose submodule was imported first may be left half loaded.
        return getattr(found if hasattr(found, name) else importlib.reload(found), name)


def _kits_own(name: str) -> type:
    """A class of the kit's own, in whichever of its modules it is."""
    modules = (importlib.import_module(f"{resources.__name__}.{one.name}") for one in iter_modules(resources.__path__))
    return next(vars(module)[name] for module in modules if name in vars(module))


def arguments(token: str) -> str:
    """The "module:Class" of a type's argument class (with Init, where a nested class has the plain name)."""
    cls = resource_class(token)
    with LOADING:
        scope = vars(importlib.import_module(cls.__module__))
    name = next(name for name in (f"{cls.__name__}InitArgs", f"{cls.__name__}Args") if name in scope)
    return f"{cls.__module__}:{name}"


def promised(token: str) -> Mapping[str, Any]:
    """The outputs of a type, with their Python types."""
    return _types.resource_types(resource_class(token))


def outputs(token: str, name: str, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Every output the class has, invented where the program did not say; the few that must look right, look right."""
    told = echoed(token, inputs)
    made = {
        key: _invent(hint, f"{name}.{key}", DEPTH) for key, hint in _types.resource_types(resource_class(token)).items()
    }
    return {**made, **told, **LIKENESS.get(token, lambda _name, _inputs: {})(name, told)}


def echoed(token: str, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """The inputs that come back as outputs. Not Azure's identities: a list going in, a map coming out."""
    unlike = ("identity",) if token.startswith("azure-native:") else ()
    return {key: value for key, value in inputs.items() if value is not None and key not in unlike}


@functools.cache
def _fields(cls: type) -> Mapping[str, Any]:
    return _types.output_type_types(cls)


def _invent(hint: Any, name: str, depth: int) -> Any:
    hint = _types.unwrap_optional_type(hint)
    origin = typing.get_origin(hint)
    if inspect.isclass(hint) and issubclass(hint, enum.Enum):
        return next(iter(hint)).value
    if inspect.isclass(hint) and _types.is_output_type(hint):
        return (
            {key: _invent(inner, f"{name}.{key}", depth - 1) for key, inner in _fields(hint).items()} if depth else {}
        )
    if origin in (list, typing.Sequence) or str(origin).endswith("Sequence'>"):
        return [_invent(typing.get_args(hint)[0], f"{name}.0", depth - 1)] if depth else []
    if str(origin).endswith(("Mapping'>", "dict'>")):
        return {}
    return {int: 1, float: 1.0, bool: False}.get(hint, name)


LIKENESS: Mapping[str, Callable[[str, Mapping[str, Any]], dict[str, Any]]] = {
    "aws:ecr/repository:Repository": lambda _, given: {
        "repositoryUrl": f"000000000000.dkr.ecr.us-east-1.amazonaws.com/{given.get('name')}",
    },
    "aws:s3/bucket:Bucket": lambda name, given: {
        "bucket": given.get("bucket", name),
        "arn": f"arn:aws:s3:::{given.get('bucket', name)}",
    },
    "aws:sagemaker/endpoint:Endpoint": lambda name, given: {
        "arn": f"arn:aws:sagemaker:us-east-1:000000000000:endpoint/{given.get('name', name)}",
        "name": given.get("name", name),
    },
    "gcp:storage/bucket:Bucket": lambda name, given: {"url": f"gs://{given.get('name', name)}"},
    "azure-native:containerregistry:Registry": lambda name, given: {
        "loginServer": f"{given.get('registryName', name)}.azurecr.io",
        "name": given.get("registryName", name),
    },
    "azure-native:machinelearningservices:OnlineEndpoint": lambda name, given: {
        "name": given.get("endpointName", name),
        "identity": {"type": "UserAssigned", "principalId": "x", "tenantId": "x", "userAssignedIdentities": {}},
        "properties": {
            **given.get("properties", given.get("onlineEndpointProperties", {})),
            "scoringUri": f"https://{given.get('endpointName', name)}.eastus.inference.ml.azure.com/score",
        },
    },
    "azure-native:storage:BlobContainer": lambda name, given: {"name": given.get("containerName", name)},
    "azure-native:storage:StorageAccount": lambda name, given: {
        "name": given.get("accountName", name),
        "primaryEndpoints": {"blob": f"https://{given.get('accountName', name)}.blob.core.windows.net/"},
    },
}


def _not_found(_account: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    raise NotThere(f"ResourceNotFound: {arguments} does not exist")


# Who the provider is, and where, and what is there already: (account, arguments) -> result.
FUNCTIONS: Mapping[str, Callable[[str, Mapping[str, Any]], dict[str, Any]]] = {
    **LOOKUPS,
    "aws:index/getCallerIdentity:getCallerIdentity": lambda account, _: {
        "accountId": account,
        "arn": f"arn:aws:iam::{account}:user/someone",
        "userId": "AIDAEXAMPLE",
        "id": account,
    },
    "aws:index/getRegion:getRegion": lambda _account, _: {
        "name": "us-east-1",
        "region": "us-east-1",
        "id": "us-east-1",
    },
    "aws:index/getPartition:getPartition": lambda _account, _: {
        "partition": "aws",
        "dnsSuffix": "amazonaws.com",
        "id": "aws",
    },
    "azure-native:authorization:getClientConfig": lambda account, _: {
        "subscriptionId": account,
        "tenantId": "00000000-0000-0000-0000-0000000000bb",
        "clientId": "00000000-0000-0000-0000-0000000000cc",
        "objectId": "00000000-0000-0000-0000-0000000000dd",
    },
    "azure-native:machinelearningservices:getOnlineEndpoint": _not_found,
    "gcp:organizations/getClientConfig:getClientConfig": lambda account, _: {
        "project": account,
        "region": "us-central1",
        "zone": "",
        "id": "x",
        "accessToken": "x",
        "defaultLabels": {},
    },
    "gcp:organizations/getClientOpenIdUserInfo:getClientOpenIdUserInfo": lambda _account, _: {
        "email": "someone@example.com",
        "id": "x",
    },
    "gcp:organizations/getProject:getProject": lambda account, given: {
        "projectId": account,
        "number": "1",
        "name": account,
        "id": f"projects/{given.get('projectId') or account}",
    },
}
