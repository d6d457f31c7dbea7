"""S3 buckets, and what is set on them."""

import json
from functools import partial
from typing import Any

from trifold.local.aws.provider.base import gone, lower, pairs, unpaired, upper
from trifold.local.aws.provider.retries import again, found
from trifold.local.aws.provider.session import Session
from trifold.local.resource import Resource, supports
from trifold.protocol.declaration import Autoname, ResourceType, Values

# The hosted zone of S3 websites in us-east-1, as the official provider gives it for every bucket.
HOSTED_ZONE = "Z3AQBSTGFYJSTF"
NO_BUCKET = ("NoSuchBucket", "404")


def addressed(session: Session, client: Any, name: str) -> Values | None:
    """Where a bucket is; None where there is none."""
    if gone(lambda: client.head_bucket(Bucket=name), *NO_BUCKET) is None:
        return None
    return {
        "bucket": name,
        "arn": f"arn:aws:s3:::{name}",
        "region": session.region,
        "bucketRegion": session.region,
        "bucketDomainName": f"{name}.s3.amazonaws.com",
        "bucketRegionalDomainName": f"{name}.s3.{session.region}.amazonaws.com",
        "hostedZoneId": HOSTED_ZONE,
    }


class Bucket(Resource):
    supported = supports("bucket forceDestroy region tags")

    def make(self, session: Session, inputs: Values) -> str:
        client = session.client("s3", inputs.get("region"))
        name = inputs["bucket"]
        # us-east-1 takes one's own bucket's name again without a word, so the official provider looks first.
        if gone(lambda: client.head_bucket(Bucket=name), *NO_BUCKET) is not None:
            raise FileExistsError(f"creating S3 Bucket ({name}): BucketAlreadyExists")
        again(lambda: client.create_bucket(Bucket=name), "OperationAborted")
        return name

    def settle(self, session: Session, id: str, inputs: Values) -> None:
        client = session.client("s3", inputs.get("region"))
        found(lambda: gone(lambda: client.head_bucket(Bucket=id), *NO_BUCKET))
        self._tag(client, id, session.tags(inputs))

    def look(self, session: Session, id: str, inputs: Values) -> Values | None:
        client = session.client("s3", inputs.get("region"))
        bucket = addressed(session, client, id)
        if bucket is None:
            return None
        tags = gone(lambda: client.get_bucket_tagging(Bucket=id), "NoSuchTagSet") or {"TagSet": []}
        return {
            **bucket,
            **session.tag_outputs(unpaired(tags["TagSet"])),
            **_set_elsewhere(client, id),
            "bucketPrefix": "",
            "bucketNamespace": "global",
            "forceDestroy": bool(inputs.get("forceDestroy")),
            "requestPayer": "BucketOwner",
            "objectLockEnabled": False,
            "accelerationStatus": "",
            "corsRules": [],
            "lifecycleRules": [],
            "grants": [],
        }

    def update(self, session: Session, id: str, old: Values, inputs: Values) -> Values:
        self._tag(session.client("s3", inputs.get("region")), id, session.tags(inputs))
        return self.look(session, id, inputs) or inputs

    def delete(self, session: Session, id: str, outputs: Values) -> None:
        client = session.client("s3", outputs.get("region"))
        if outputs.get("forceDestroy"):
            gone(lambda: empty(client, id), *NO_BUCKET)
        gone(lambda: client.delete_bucket(Bucket=id), *NO_BUCKET)

    def find(self, session: Session, inputs: Values) -> str | None:
        return inputs.get("bucket")

    def _tag(self, client: Any, name: str, tags: dict[str, str]) -> None:
        if tags:
            client.put_bucket_tagging(Bucket=name, Tagging={"TagSet": pairs(tags)})
        else:
            client.delete_bucket_tagging(Bucket=name)


# What the official provider reads of every bucket beside the rest (s3/bucket.go), and what says that there is none. It
# gives up on a denial, so whoever deploys or previews needs the right to each; nothing of it can be set here.
ALSO_READ = {
    "get_bucket_acl": "",
    "get_bucket_cors": "NoSuchCORSConfiguration",
    "get_bucket_website": "NoSuchWebsiteConfiguration",
    "get_bucket_accelerate_configuration": "",
    "get_bucket_request_payment": "",
    "get_bucket_logging": "",
    "get_bucket_lifecycle_configuration": "NoSuchLifecycleConfiguration",
    "get_bucket_replication": "ReplicationConfigurationNotFoundError",
    "get_bucket_encryption": "ServerSideEncryptionConfigurationNotFoundError",
    "get_object_lock_configuration": "ObjectLockConfigurationNotFoundError",
}


def _set_elsewhere(client: Any, id: str) -> Values:
    """What the bucket's own type shows of settings that other types make."""
    for read, none in ALSO_READ.items():
        gone(partial(getattr(client, read), Bucket=id), none)
    status = client.get_bucket_versioning(Bucket=id).get("Status")
    policy = gone(lambda: client.get_bucket_policy(Bucket=id), "NoSuchBucketPolicy")
    return {
        "versioning": {"enabled": status == "Enabled", "mfaDelete": False},
        "policy": policy["Policy"] if policy else "",
        "serverSideEncryptionConfiguration": {
            "rule": {"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"}, "bucketKeyEnabled": False}
        },
    }


def empty(client: Any, bucket: str) -> bool:
    """Delete every version and every delete marker."""
    for page in client.get_paginator("list_object_versions").paginate(Bucket=bucket):
        found = [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
        keys = [{"Key": one["Key"], "VersionId": one["VersionId"]} for one in found]
        if keys:
            client.delete_objects(Bucket=bucket, Delete={"Objects": keys, "Quiet": True})
    return True


class OnBucket(Resource):
    """A setting of a bucket, whose id is the bucket's name."""

    missing: tuple[str, ...] = ()

    def put(self, client: Any, bucket: str, inputs: Values) -> None:
        raise NotImplementedError

    def get(self, client: Any, bucket: str) -> Values | None:
        raise NotImplementedError

    def drop(self, client: Any, bucket: str) -> None:
        raise NotImplementedError

    def make(self, session: Session, inputs: Values) -> str:
        again(lambda: self._put(session, inputs), "NoSuchBucket")
        return str(inputs["bucket"])

    def settle(self, session: Session, id: str, inputs: Values) -> None:
        found(lambda: self.look(session, id, inputs))

    def _put(self, session: Session, inputs: Values) -> None:
        self.put(session.client("s3", inputs.get("region")), inputs["bucket"], inputs)

    def update(self, session: Session, id: str, old: Values, inputs: Values) -> Values:
        self._put(session, inputs)
        return self.look(session, id, inputs) or inputs

    def look(self, session: Session, id: str, inputs: Values) -> Values | None:
        client = session.client("s3", inputs.get("region"))
        found = gone(lambda: self.get(client, id), *NO_BUCKET, *self.missing)
        return None if found is None else {**found, "bucket": id, "region": session.region}

    def delete(self, session: Session, id: str, outputs: Values) -> None:
        client = session.client("s3", outputs.get("region"))
        gone(lambda: self.drop(client, id), *NO_BUCKET, *self.missing)

    def find(self, session: Session, inputs: Values) -> str | None:
        return inputs.get("bucket")


class Versioning(OnBucket):
    supported = supports("bucket region versioningConfiguration")

    def put(self, client: Any, bucket: str, inputs: Values) -> None:
        client.put_bucket_versioning(
            Bucket=bucket, VersioningConfiguration={"Status": inputs["versioningConfiguration"]["status"]}
        )

    def get(self, client: Any, bucket: str) -> Values | None:
        status = client.get_bucket_versioning(Bucket=bucket).get("Status")
        return {"versioningConfiguration": {"status": status, "mfaDelete": ""}} if status else None

    def drop(self, client: Any, bucket: str) -> None:
        """Versioning cannot be taken away again, only suspended; so does the official provider."""
        client.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Suspended"})


class Encryption(OnBucket):
    supported = supports("bucket region rules")
    missing = ("ServerSideEncryptionConfigurationNotFoundError",)

    def put(self, client: Any, bucket: str, inputs: Values) -> None:
        client.put_bucket_encryption(
            Bucket=bucket,
            ServerSideEncryptionConfiguration={"Rules": [_encryption_rule(rule) for rule in inputs["rules"]]},
        )

    def get(self, client: Any, bucket: str) -> Values | None:
        found = client.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
        return {"rules": [_encryption_output(rule) for rule in found]}

    def drop(self, client: Any, bucket: str) -> None:
        client.delete_bucket_encryption(Bucket=bucket)


def _encryption_rule(rule: Values) -> Values:
    chosen = rule.get("applyServerSideEncryptionByDefault") or {}
    default = {"SSEAlgorithm": chosen.get("sseAlgorithm"), "KMSMasterKeyID": chosen.get("kmsMasterKeyId")}
    made = {"ApplyServerSideEncryptionByDefault": {key: value for key, value in default.items() if value}}
    if rule.get("bucketKeyEnabled") is not None:
        made["BucketKeyEnabled"] = rule["bucketKeyEnabled"]
    return made


def _encryption_output(rule: Values) -> Values:
    default = rule.get("ApplyServerSideEncryptionByDefault", {})
    chosen = {"sseAlgorithm": default.get("SSEAlgorithm", ""), "kmsMasterKeyId": default.get("KMSMasterKeyID", "")}
    enabled = str(rule.get("BucketKeyEnabled", False)).lower() == "true"
    return {"applyServerSideEncryptionByDefault": chosen, "bucketKeyEnabled": enabled}


class PublicAccessBlock(OnBucket):
    supported = supports("bucket region blockPublicAcls blockPublicPolicy ignorePublicAcls restrictPublicBuckets")
    missing = ("NoSuchPublicAccessBlockConfiguration",)
    flags = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")

    def put(self, client: Any, bucket: str, inputs: Values) -> None:
        flags = {name[:1].upper() + name[1:]: bool(inputs.get(name)) for name in self.flags}
        client.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=flags)

    def get(self, client: Any, bucket: str) -> Values | None:
        return lower(client.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"])

    def drop(self, client: Any, bucket: str) -> None:
        client.delete_public_access_block(Bucket=bucket)


class Policy(OnBucket):
    supported = supports("bucket region policy")
    missing = ("NoSuchBucketPolicy",)

    def put(self, client: Any, bucket: str, inputs: Values) -> None:
        policy = inputs["policy"]
        client.put_bucket_policy(Bucket=bucket, Policy=policy if isinstance(policy, str) else json.dumps(policy))

    def get(self, client: Any, bucket: str) -> Values | None:
        return {"policy": client.get_bucket_policy(Bucket=bucket)["Policy"]}

    def drop(self, client: Any, bucket: str) -> None:
        client.delete_bucket_policy(Bucket=bucket)


class Lifecycle(OnBucket):
    supported = supports("bucket region rules")
    missing = ("NoSuchLifecycleConfiguration",)

    def put(self, client: Any, bucket: str, inputs: Values) -> None:
        rules = [_lifecycle_rule(rule) for rule in inputs["rules"]]
        client.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": rules})

    def get(self, client: Any, bucket: str) -> Values | None:
        rules = client.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
        return {"rules": [_lifecycle_output(rule) for rule in rules], "transitionDefaultMinimumObjectSize": MINIMUM}

    def drop(self, client: Any, bucket: str) -> None:
        client.delete_bucket_lifecycle(Bucket=bucket)


MINIMUM = "all_storage_classes_128K"


def _lifecycle_rule(rule: Values) -> Values:
    """The API's form: `id` is ID, a filter may be empty."""
    made = upper({key: value for key, value in rule.items() if key not in ("id", "filter")})
    return {**made, "ID": rule["id"], "Filter": upper(rule.get("filter") or {"prefix": ""})}


def _lifecycle_output(rule: Values) -> Values:
    made = lower({key: value for key, value in rule.items() if key not in ("ID", "Filter")})
    return {**made, "id": rule.get("ID", ""), "filter": {"prefix": rule.get("Filter", {}).get("Prefix", "")}}


def _type(name: str, arguments: str, operations: Resource, **more: Any) -> ResourceType:
    module = {"Bucket": "bucket"}.get(name) or name[:1].lower() + name[1:]
    return ResourceType(f"aws:s3/{module}:{name}", f"pulumi_aws.s3.{arguments}", operations, **more)


TYPES = (
    _type("Bucket", "bucket:BucketArgs", Bucket(), autoname=Autoname("bucket", 63, lower=True)),
    _type("BucketVersioning", "bucket_versioning:BucketVersioningInitArgs", Versioning()),
    _type(
        "BucketServerSideEncryptionConfiguration",
        "bucket_server_side_encryption_configuration:BucketServerSideEncryptionConfigurationInitArgs",
        Encryption(),
    ),
    _type("BucketPublicAccessBlock", "bucket_public_access_block:BucketPublicAccessBlockArgs", PublicAccessBlock()),
    _type("BucketPolicy", "bucket_policy:BucketPolicyArgs", Policy()),
    _type(
        "BucketLifecycleConfiguration",
        "bucket_lifecycle_configuration:BucketLifecycleConfigurationArgs",
        Lifecycle(),
    ),
)
