"""Bring your own key: it encrypts whatever takes one, and only who must may use it."""

import json
import re
import typing

from tests.conformance import brought, invention
from trifold.protocol.shapes import alternatives, is_object, load, shape

KEY = re.compile(r"kms|encryption|cmk|keyvault", re.IGNORECASE)
# Arguments that sound like a key and are none, or are one that a stack cannot bring.
NO_KEY = {
    "blockedEncryptionTypes": "which encryption callers may not ask for",
    "customerEncryption": "a key that every caller has to bring",
    "customerManagedEncryptionEnforcementConfig": "which encryption callers may ask for",
    "customerSuppliedEncryptionEnforcementConfig": "which encryption callers may ask for",
    "defaultEncryptionScope": "another key for a part of an account",
    "denyEncryptionScopeOverride": "another key for a part of an account",
    "enableServiceSideCMKEncryption": "where a workspace's metadata lies, not what encrypts it",
    "enabledForDiskEncryption": "what a vault may be used for",
    "encryptionFederatedIdentityClientId": "for a vault in another tenant",
    "forceCmkForQuery": "a rule for queries that people save",
    "googleManagedEncryptionEnforcementConfig": "which encryption callers may ask for",
    "keyVault": "the vault of a workspace's secrets",
    "requireInfrastructureEncryption": "a second layer, of the cloud's own keys",
    "serverSideEncryptionConfiguration": "a bucket's, which a type of its own sets",
}
# What a key's argument says where all is well, beside the key itself: how it is used, and as whom.
SAID = {
    "aws": (brought.KEYS["aws"], "aws:kms", "KMS"),
    "azure": ("team-vault", "foundation-key"),
    "gcp": (brought.KEYS["gcp"],),
}


def key_arguments(arguments, given, where=""):
    """(where, what it says) of every argument that takes a key, by the SDK's classes, at any depth of what is given."""
    for name, hint in shape(arguments).inputs.items():
        value = given.get(name)
        if KEY.search(name) and name not in NO_KEY:
            yield f"{where}{name}", value
        inner = list(classes(hint))
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, dict) and inner:
                yield from key_arguments(inner[0], item, f"{where}{name}.")


def classes(hint):
    """The SDK's argument classes in a type: it, or what a list or a map of it holds."""
    for one in alternatives(hint):
        if is_object(one):
            yield one
        else:
            yield from (found for held in typing.get_args(one) for found in classes(held))


def all_key_arguments(recording):
    """The same of all resources, with the resource's name in front."""
    for one in recording.custom:
        yield from key_arguments(load(invention.arguments(one.type)), one.inputs, f"{one.name}: ")


# How many there are is the SDK's to say; fewer than these would mean that none is looked for.
LEAST = {"aws": 8, "azure": 10, "gcp": 5}


def test_a_key_encrypts_all_that_takes_one(enclosed, cloud):
    takes = list(all_key_arguments(enclosed))
    assert len(takes) >= LEAST[cloud]
    without = [where for where, said in takes if not any(word in json.dumps(said) for word in SAID[cloud])]
    assert without == []


def test_without_a_key_the_clouds_own_encrypt(recording, cloud):
    said = [value for _, value in all_key_arguments(recording)]
    assert not any(word in json.dumps(value) for value in said for word in SAID[cloud])


def test_only_who_must_may_use_the_key(enclosed, cloud):
    found = enclosed
    if cloud == "aws":
        (grant,) = (one for one in found.custom if one.name == "foundation-endpoint-decrypt")
        (statement,) = json.loads(grant.inputs["policy"])["Statement"]
        assert statement["Action"] == "kms:Decrypt" and statement["Resource"] == brought.KEYS["aws"]
        assert statement["Condition"] == {"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}}
    elif cloud == "azure":
        (grant,) = (one for one in found.custom if one.name == "foundation-key-use")
        assert grant.inputs["scope"] == brought.KEYS["azure"].partition("/versions/")[0]
        assert grant.inputs["roleDefinitionId"].endswith("e147488a-f6f5-4113-8e2d-b22465e65bf6")
        assert "foundation-key" in grant.inputs["principalId"]
    else:
        grants = found.of("gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember")
        assert len(grants) == 3 and {one.inputs["cryptoKeyId"] for one in grants} == {brought.KEYS["gcp"]}
        assert {one.inputs["role"] for one in grants} == {"roles/cloudkms.cryptoKeyEncrypterDecrypter"}


UNFIT = {
    "aws": (f"{brought.KEYS['aws'][:-12]}{'d' * 12}", "is Disabled"),
    "azure": (brought.KEYS["azure"].replace("/models", "/missing"), "ResourceNotFound"),
    "gcp": (brought.KEYS["gcp"].replace("/models", "/missing"), "ResourceNotFound"),
}


def test_a_key_that_cannot_encrypt_fails_the_preview(record, cloud):
    id, told = UNFIT[cloud]
    found = record(brought.file(key=id), preview=True)
    assert "trifold:key" in found.error and told in found.error and f"Pulumi.{cloud}.yaml" in found.error
