"""Buckets, after cloud.google.com/storage/docs/creating-buckets and its neighbours, in our own words."""

from google.cloud import storage


def main(names):
    client = storage.Client()
    bucket = client.bucket(names["bucket"])
    bucket.storage_class = "NEARLINE"
    created = client.create_bucket(bucket, location="us-central1")
    assert (created.location, created.storage_class) == ("US-CENTRAL1", "NEARLINE")

    bucket = client.get_bucket(names["bucket"])
    bucket.labels = {"team": "models", "stage": "test"}
    bucket.patch()
    bucket = client.get_bucket(names["bucket"])
    labels = bucket.labels
    del labels["stage"]
    bucket.labels = labels
    bucket.patch()
    assert client.get_bucket(names["bucket"]).labels == {"team": "models"}

    bucket.add_lifecycle_delete_rule(age=2)
    bucket.patch()
    assert [rule["condition"] for rule in client.get_bucket(names["bucket"]).lifecycle_rules] == [{"age": 2}]
    bucket.clear_lifecycle_rules()
    bucket.patch()
    assert list(client.get_bucket(names["bucket"]).lifecycle_rules) == []

    bucket.versioning_enabled = True
    bucket.patch()
    assert client.get_bucket(names["bucket"]).versioning_enabled

    bucket.iam_configuration.uniform_bucket_level_access_enabled = True
    bucket.iam_configuration.public_access_prevention = "enforced"
    bucket.patch()
    assert client.get_bucket(names["bucket"]).iam_configuration.public_access_prevention == "enforced"

    assert names["bucket"] in [one.name for one in client.list_buckets()]
    bucket.delete()
    assert client.lookup_bucket(names["bucket"]) is None
