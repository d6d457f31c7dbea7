"""Answers to the look-ups of what a stack brings along: it is there, unless its id says `missing` or `elsewhere`."""

from collections.abc import Callable, Mapping
from typing import Any

import grpc

Answer = Callable[[str, Mapping[str, Any]], dict[str, Any]]


class NotThere(grpc.RpcError):
    """What the SDK hands on as the provider's own refusal."""

    def code(self) -> grpc.StatusCode:
        return grpc.StatusCode.UNKNOWN

    def details(self) -> str:
        return str(self)


def _there(make: Callable[[str, Mapping[str, Any], bool], dict[str, Any]]) -> Answer:
    """make(account, arguments, whether it is elsewhere) -> what is there."""

    def answer(account: str, given: Mapping[str, Any]) -> dict[str, Any]:
        asked = str(sorted(given.items()))
        if "missing" in asked:
            raise NotThere(f"ResourceNotFound: {asked} does not exist")
        return make(account, given, "elsewhere" in asked)

    return answer


def _aws_role(account: str, given: Mapping[str, Any], elsewhere: bool) -> dict[str, Any]:
    service = "ec2" if elsewhere else "sagemaker"
    return {
        "arn": f"arn:aws:iam::{account}:role/team/{given['name']}",
        "name": given["name"],
        "id": given["name"],
        "assumeRolePolicy": f'{{"Statement": [{{"Principal": {{"Service": "{service}.amazonaws.com"}}}}]}}',
    }


def _aws_key(account: str, given: Mapping[str, Any], elsewhere: bool) -> dict[str, Any]:
    return {
        "arn": given["keyId"],
        "id": given["keyId"],
        "keyState": "Disabled" if given["keyId"].endswith("d" * 12) else "Enabled",
        "keyUsage": "ENCRYPT_DECRYPT",
        "keySpec": "SYMMETRIC_DEFAULT",
    }


def _arm(type: str, *names: str) -> Answer:
    """A resource of Resource Manager, by the arguments that name it."""

    def make(account: str, given: Mapping[str, Any], elsewhere: bool) -> dict[str, Any]:
        group = f"/subscriptions/{account}/resourceGroups/{given['resourceGroupName']}"
        steps = [step for kind, name in zip(type.split("/")[1:], names, strict=True) for step in (kind, given[name])]
        id = "/".join([group, "providers", type.split("/")[0], *steps]) if steps else group
        last = given[names[-1]] if names else given["resourceGroupName"]
        return {
            "id": id,
            "name": last,
            "location": "westeurope" if elsewhere else "eastus",
            "loginServer": f"{last}.azurecr.io",
            "principalId": f"{last}-principal",
            "clientId": f"{last}-client",
            "sku": {"name": "Basic"},
            **({"managedNetwork": {"isolationMode": "AllowOnlyApprovedOutbound"}} if last == "enclosed" else {}),
        }

    return _there(make)


LOOKUPS: Mapping[str, Answer] = {
    "aws:ecr/getRepository:getRepository": _there(
        lambda account, given, _: {
            "arn": f"arn:aws:ecr:us-east-1:{account}:repository/{given['name']}",
            "repositoryUrl": f"{account}.dkr.ecr.us-east-1.amazonaws.com/{given['name']}",
            "name": given["name"],
            "id": given["name"],
        }
    ),
    "aws:iam/getRole:getRole": _there(_aws_role),
    "aws:s3/getBucket:getBucket": _there(
        lambda _account, given, elsewhere: {
            "arn": f"arn:aws:s3:::{given['bucket']}",
            "bucket": given["bucket"],
            "id": given["bucket"],
            "bucketRegion": "eu-west-1" if elsewhere else "us-east-1",
        }
    ),
    "aws:cloudwatch/getLogGroup:getLogGroup": _there(
        lambda account, given, _: {
            "arn": f"arn:aws:logs:us-east-1:{account}:log-group:{given['name']}",
            "name": given["name"],
            "id": given["name"],
        }
    ),
    "aws:kms/getKey:getKey": _there(_aws_key),
    "azure-native:resources:getResourceGroup": _arm("Microsoft.Resources"),
    "azure-native:containerregistry:getRegistry": _arm("Microsoft.ContainerRegistry/registries", "registryName"),
    "azure-native:storage:getStorageAccount": _arm("Microsoft.Storage/storageAccounts", "accountName"),
    "azure-native:storage:getBlobContainer": _there(
        lambda _account, given, _: {"name": given["containerName"], "id": given["containerName"]}
    ),
    "azure-native:managedidentity:getUserAssignedIdentity": _arm(
        "Microsoft.ManagedIdentity/userAssignedIdentities", "resourceName"
    ),
    "azure-native:machinelearningservices:getWorkspace": _arm(
        "Microsoft.MachineLearningServices/workspaces", "workspaceName"
    ),
    "azure-native:keyvault:getVault": _arm("Microsoft.KeyVault/vaults", "vaultName"),
    "azure-native:keyvault:getKey": _arm("Microsoft.KeyVault/vaults/keys", "vaultName", "keyName"),
    "azure-native:operationalinsights:getWorkspace": _arm("Microsoft.OperationalInsights/workspaces", "workspaceName"),
    "gcp:artifactregistry/getRepository:getRepository": _there(
        lambda account, given, _: {
            "id": f"projects/{account}/locations/{given['location']}/repositories/{given['repositoryId']}",
            "name": given["repositoryId"],
            "repositoryId": given["repositoryId"],
            "location": given["location"],
            "project": given["project"],
            "format": "DOCKER",
        }
    ),
    "gcp:storage/getBucket:getBucket": _there(
        lambda _account, given, elsewhere: {
            "id": given["name"],
            "name": given["name"],
            "url": f"gs://{given['name']}",
            "location": "EUROPE-WEST1" if elsewhere else "US-CENTRAL1",
        }
    ),
    "gcp:serviceaccount/getAccount:getAccount": _there(
        lambda _account, given, _: {
            "id": given["accountId"],
            "email": given["accountId"],
            "member": f"serviceAccount:{given['accountId']}",
        }
    ),
    "gcp:kms/getKMSCryptoKey:getKMSCryptoKey": _there(
        lambda _account, given, _: {
            "id": f"{given['keyRing']}/cryptoKeys/{given['name']}",
            "purpose": "ENCRYPT_DECRYPT",
        }
    ),
    "gcp:storage/getProjectServiceAccount:getProjectServiceAccount": _there(
        lambda _account, given, _: {
            "id": "x",
            "emailAddress": "service-1@gs-project-accounts.iam.gserviceaccount.com",
            "member": "serviceAccount:service-1@gs-project-accounts.iam.gserviceaccount.com",
        }
    ),
}
