"""The provider's functions: who the caller is, and the few look-ups that stacks make."""

from typing import Any

from trifold.local.azure.provider.bodies import outputs_of, path_names, path_of
from trifold.local.azure.provider.session import ArmError, Session
from trifold.local.azure.provider.types import TYPES, ArmType
from trifold.protocol.declaration import Function, Values

_BY_TOKEN = {one.token: one for one in TYPES}
_ENDPOINT = _BY_TOKEN["azure-native:machinelearningservices:OnlineEndpoint"]
_ACCOUNT = _BY_TOKEN["azure-native:storage:StorageAccount"]
_PLACE = ("endpointName", "resourceGroupName", "workspaceName")


def client_config(session: Session, args: Values) -> Values:
    return {
        "clientId": session.who.client_id,
        "objectId": session.who.object_id,
        "subscriptionId": session.subscription,
        "tenantId": session.who.tenant,
    }


def client_token(session: Session, args: Values) -> Values:
    return {"token": session.who.bearer()}


def online_endpoint(session: Session, args: Values) -> Values:
    return _get(session, _ENDPOINT, args)


def endpoint_keys(session: Session, args: Values) -> Values:
    return session.post(f"{path_of(_ENDPOINT, args, session.subscription)}/listKeys", _ENDPOINT.version)


def account_keys(session: Session, args: Values) -> Values:
    return session.post(f"{path_of(_ACCOUNT, args, session.subscription)}/listKeys", _ACCOUNT.version)


def resource_group(session: Session, args: Values) -> Values:
    return _get(session, _BY_TOKEN["azure-native:resources:ResourceGroup"], args)


def _lookup(resource: str, more: tuple[str, ...] = ()) -> Function:
    """azure-native's own getter of a type: what is not there is Resource Manager's error. more: what it may be asked,
    and nothing here answers."""
    type = _BY_TOKEN[f"azure-native:{resource}"]
    home, _, name = resource.partition(":")
    names = path_names(type)
    return Function(
        f"azure-native:{home}:get{name}", lambda session, args: _get(session, type, args), (*names, *more), names
    )


def _get(session: Session, type: ArmType, args: Values) -> Values:
    path = path_of(type, args, session.subscription)
    found: Any = session.get(path, type.version)
    if found is None:
        raise ArmError(404, "ResourceNotFound", f"{path} was not found")
    return {"id": found["id"], **outputs_of(type, found)}


FUNCTIONS = (
    Function("azure-native:authorization:getClientConfig", client_config),
    Function("azure-native:authorization:getClientToken", client_token, ("endpoint",)),
    Function("azure-native:resources:getResourceGroup", resource_group, ("resourceGroupName",), ("resourceGroupName",)),
    Function("azure-native:machinelearningservices:getOnlineEndpoint", online_endpoint, _PLACE, _PLACE),
    Function("azure-native:machinelearningservices:listOnlineEndpointKeys", endpoint_keys, _PLACE, _PLACE),
    Function("azure-native:storage:listStorageAccountKeys", account_keys,
             ("accountName", "resourceGroupName", "expand"), ("accountName", "resourceGroupName")),
    # What a stack did not make and uses.
    _lookup("containerregistry:Registry"), _lookup("storage:StorageAccount", ("expand",)),
    _lookup("storage:BlobContainer"), _lookup("managedidentity:UserAssignedIdentity"), _lookup("keyvault:Vault"),
    _lookup("machinelearningservices:Workspace"), _lookup("operationalinsights:Workspace"),
)  # fmt: skip
