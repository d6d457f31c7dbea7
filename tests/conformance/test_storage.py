"""Storage: one private, versioned, encrypted store; kept unless the stack is ephemeral."""

import re

STORES = {
    "aws": "aws:s3/bucket:Bucket",
    "azure": "azure-native:storage:StorageAccount",
    "gcp": "gcp:storage/bucket:Bucket",
}
URL = {
    "aws": r"s3://[a-z0-9-]{3,63}",
    "azure": r"https://[a-z0-9]{3,24}\.blob\.core\.windows\.net/[a-z0-9-]{3,63}",
    "gcp": r"gs://[a-z0-9-]{3,63}",
}


def store(recording, cloud):
    (found,) = recording.of(STORES[cloud])
    return found


def settings_of(recording, cloud):
    """All inputs of the storage component's children, by type: where each setting lives differs by cloud."""
    return {one.type: one.inputs for one in recording.custom if one.component == "Storage"}


def test_the_url_is_the_clouds_own_form(recording, cloud):
    assert re.fullmatch(URL[cloud], recording.outputs["store"])


def test_it_is_private(recording, cloud):
    found = settings_of(recording, cloud)
    if cloud == "aws":
        block = found["aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"]
        switches = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
        assert all(block[switch] is True for switch in switches)
    elif cloud == "azure":
        account = found[STORES["azure"]]
        assert account["allowBlobPublicAccess"] is False and account["allowSharedKeyAccess"] in (True, False)
    else:
        bucket = found[STORES["gcp"]]
        assert bucket["publicAccessPrevention"] == "enforced" and bucket["uniformBucketLevelAccess"] is True


def test_it_takes_encrypted_transport_only(recording, cloud):
    found = settings_of(recording, cloud)
    if cloud == "aws":
        policy = found["aws:s3/bucketPolicy:BucketPolicy"]["policy"]
        assert "aws:SecureTransport" in str(policy) and "Deny" in str(policy)
    elif cloud == "azure":
        account = found[STORES["azure"]]
        assert account["enableHttpsTrafficOnly"] is True and account["minimumTlsVersion"] == "TLS1_2"
    # Cloud Storage's API answers HTTPS only: there is nothing to set.


def test_versions_are_kept_for_the_days_the_stack_says(record, cloud):
    found = record({"trifold:keepVersionsDays": "7"})
    written = settings_of(found, cloud)
    if cloud == "aws":
        versioning = written["aws:s3/bucketVersioning:BucketVersioning"]["versioningConfiguration"]
        assert versioning["status"] == "Enabled"
        (rule,) = written["aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"]["rules"]
        assert int(rule["noncurrentVersionExpiration"]["noncurrentDays"]) == 7
    elif cloud == "azure":
        service = written["azure-native:storage:BlobServiceProperties"]
        assert service["isVersioningEnabled"] is True
        assert "7" in str(written["azure-native:storage:ManagementPolicy"])
    else:
        bucket = written[STORES["gcp"]]
        assert bucket["versioning"]["enabled"] is True
        assert any("7" in str(rule["condition"]) for rule in bucket["lifecycleRules"])


def test_an_ephemeral_store_may_be_emptied_and_another_is_kept(record, cloud):
    gone, kept = (store(record({"trifold:ephemeral": word}), cloud) for word in ("true", "false"))
    assert not gone.protect and not gone.retain and kept.protect and kept.retain
    if cloud in ("aws", "gcp"):  # Azure deletes an account with all that is in it
        assert gone.inputs["forceDestroy"] is True
        assert not kept.inputs.get("forceDestroy")
