"""Many objects at once, after cloud.google.com/storage/docs/batch and its neighbours, in our own words."""

import pathlib
import tempfile

from google.cloud import storage
from google.cloud.storage import transfer_manager


def main(names):
    client = storage.Client()
    bucket = client.create_bucket(names["bucket"], location="us-central1")
    folder = pathlib.Path(tempfile.mkdtemp())
    files = [f"part-{number}.txt" for number in range(8)]
    for name in files:
        (folder / name).write_text(name)
    done = transfer_manager.upload_many_from_filenames(
        bucket, files, source_directory=str(folder), max_workers=4, worker_type=transfer_manager.THREAD
    )
    assert done == [None] * len(files)

    target = pathlib.Path(tempfile.mkdtemp())
    transfer_manager.download_many_to_path(
        bucket, files, destination_directory=str(target), max_workers=4, worker_type=transfer_manager.THREAD
    )
    assert sorted(one.read_text() for one in target.iterdir()) == files

    with client.batch():
        for name in files:
            blob = bucket.blob(name)
            blob.metadata = {"batch": "yes"}
            blob.patch()
    assert {bucket.get_blob(name).metadata["batch"] for name in files} == {"yes"}
    with client.batch():
        for name in files:
            bucket.delete_blob(name)
    assert list(client.list_blobs(bucket)) == []
    bucket.delete()
