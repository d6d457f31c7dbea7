"""The README of google-cloud-storage and the examples in its reference, with names changed and nothing else."""

from google.cloud.storage import Blob, Bucket
from vendor import readme, reference, run


def main(names):
    name = names["bucket"]
    said, known = run(readme("google-cloud-storage", "storage_client.create_bucket("), {"my-new-bucket": name})
    assert said == f"Bucket {name} created.\n"
    bucket = run(reference(Bucket.from_uri), {"gs://bucket": f"gs://{name}"})[1]["bucket"]
    assert bucket.exists() and bucket.name == known["bucket"].name
    blob = run(reference(Blob.from_uri), {"gs://bucket/object": f"gs://{name}/folder/object"})[1]["blob"]
    blob.upload_from_string(b"some text")
    assert run(reference(Blob.from_uri), {"gs://bucket/object": f"gs://{name}/folder/object"})[1]["blob"].exists()
    bucket.delete(force=True)
    assert not bucket.exists()
