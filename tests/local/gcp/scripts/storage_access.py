"""Access by IAM, after cloud.google.com/storage/docs/access-control/using-iam-permissions, in our own words."""

from google.api_core.exceptions import PreconditionFailed
from google.cloud import storage

VIEWER = "roles/storage.objectViewer"


def main(names):
    client = storage.Client()
    bucket = client.bucket(names["bucket"])
    bucket.iam_configuration.uniform_bucket_level_access_enabled = True
    bucket = client.create_bucket(bucket, location="us-central1")
    member = "serviceAccount:somebody@local.iam.gserviceaccount.com"

    policy = bucket.get_iam_policy(requested_policy_version=3)
    policy.bindings.append({"role": VIEWER, "members": {member}})
    bucket.set_iam_policy(policy)
    policy = bucket.get_iam_policy(requested_policy_version=3)
    assert [one for one in policy.bindings if one["role"] == VIEWER] == [{"role": VIEWER, "members": {member}}]

    for binding in policy.bindings:
        if binding["role"] == VIEWER:
            binding["members"].discard(member)
    bucket.set_iam_policy(policy)
    assert not any(one["role"] == VIEWER for one in bucket.get_iam_policy(requested_policy_version=3).bindings)

    asked = ["storage.objects.get", "storage.buckets.delete"]
    assert bucket.test_iam_permissions(asked) == asked

    bucket.iam_configuration.public_access_prevention = "enforced"
    bucket.patch()
    policy = bucket.get_iam_policy(requested_policy_version=3)
    policy.bindings.append({"role": VIEWER, "members": {"allUsers"}})
    try:
        bucket.set_iam_policy(policy)
        raise AssertionError("it is to be prevented")
    except PreconditionFailed:
        pass
    bucket.delete()
