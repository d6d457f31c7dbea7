"""Uploads and downloads, after cloud.google.com/storage/docs/uploading-objects and its neighbours, in our own words."""

import os
import pathlib
import tempfile

from google.api_core.exceptions import PreconditionFailed
from google.cloud import storage


def main(names):
    client = storage.Client()
    bucket = client.create_bucket(names["bucket"], location="us-central1")
    folder = pathlib.Path(tempfile.mkdtemp())
    source, target = folder / "source", folder / "target"
    source.write_bytes(os.urandom(3_000_000))

    blob = bucket.blob("folder/data.bin", chunk_size=1024 * 1024)  # in pieces: a resumable upload
    blob.upload_from_filename(str(source), if_generation_match=0)
    blob.download_to_filename(str(target))
    assert target.read_bytes() == source.read_bytes()
    try:
        blob.upload_from_filename(str(source), if_generation_match=0)
        raise AssertionError("it was there already")
    except PreconditionFailed:
        pass

    text = bucket.blob("folder/note.txt")
    text.upload_from_string("some text", content_type="text/plain")
    assert text.download_as_text() == "some text"
    assert text.download_as_bytes(start=5, end=8) == b"text"
    with bucket.blob("folder/stream.txt").open("w") as stream:
        stream.write("line one\nline two\n")
    with bucket.blob("folder/stream.txt").open("r") as stream:
        assert stream.readlines() == ["line one\n", "line two\n"]

    note = bucket.get_blob("folder/note.txt")
    note.metadata = {"color": "red", "name": "test"}
    note.patch(if_metageneration_match=note.metageneration)
    note = bucket.get_blob("folder/note.txt")
    assert note.metadata == {"color": "red", "name": "test"} and note.metageneration == 2

    assert [one.name for one in client.list_blobs(bucket, prefix="folder/", delimiter="/")] == [
        "folder/data.bin",
        "folder/note.txt",
        "folder/stream.txt",
    ]
    listing = client.list_blobs(bucket, delimiter="/")
    assert list(listing) == [] and listing.prefixes == {"folder/"}

    joined = bucket.blob("joined.txt")
    joined.compose([note, bucket.blob("folder/stream.txt")])
    assert joined.download_as_bytes().startswith(b"some textline one")
    moved = bucket.copy_blob(note, bucket, "moved.txt")
    note.delete(if_generation_match=note.generation)
    assert moved.metadata == {"color": "red", "name": "test"} and not note.exists()
    moved.update_storage_class("NEARLINE")
    assert bucket.get_blob("moved.txt").storage_class == "NEARLINE"
    bucket.delete(force=True)
