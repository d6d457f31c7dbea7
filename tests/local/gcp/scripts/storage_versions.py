"""Noncurrent versions, after cloud.google.com/storage/docs/using-versioned-objects, in our own words."""

from google.cloud import storage


def main(names):
    client = storage.Client()
    bucket = client.bucket(names["bucket"])
    bucket.versioning_enabled = True
    bucket = client.create_bucket(bucket, location="us-central1")
    blob = bucket.blob("model.txt")
    blob.upload_from_string("first")
    first = blob.generation
    blob.upload_from_string("second", if_generation_match=first)

    versions = list(client.list_blobs(bucket, versions=True))
    assert [one.generation for one in versions] == sorted([first, blob.generation])
    restored = bucket.copy_blob(bucket.blob("model.txt"), bucket, "restored.txt", source_generation=first)
    assert restored.download_as_text() == "first"
    bucket.delete_blob("model.txt", generation=first)
    assert len(list(client.list_blobs(bucket, prefix="model", versions=True))) == 1
    bucket.delete_blob("model.txt")
    assert not bucket.blob("model.txt").exists() and bucket.blob("model.txt", generation=blob.generation).exists()
    bucket.delete_blobs(list(client.list_blobs(bucket, versions=True)), preserve_generation=True)
    bucket.delete()
