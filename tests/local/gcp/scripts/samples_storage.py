"""googleapis/python-storage: samples/snippets, as cloud.google.com/storage/docs shows them."""

import io
import tempfile

from google.cloud import storage
from samples import Samples

VIEWER, MEMBER = "roles/storage.objectViewer", "serviceAccount:somebody@local.iam.gserviceaccount.com"


def main(names):
    snippets = Samples(f"{names['samples']}/python-storage/samples/snippets", "storage_{}.py")
    first, second = f"{names['bucket']}-one", f"{names['bucket']}-two"
    snippets.run("create_bucket", first)
    snippets.run("create_bucket_class_location", second)
    for one in ("enable_versioning", "enable_bucket_lifecycle_management", "disable_bucket_lifecycle_management"):
        snippets.run(one, first)
    for one in ("add_bucket_label", "get_bucket_labels", "remove_bucket_label", "get_bucket_metadata"):
        snippets.run(one, first)
    objects(snippets, first, second)
    access(snippets, first)
    snippets.run("disable_versioning", first)
    client = storage.Client()
    for name in (first, second):
        bucket = client.bucket(name)
        bucket.delete_blobs(list(client.list_blobs(name, versions=True)), preserve_generation=True)
        snippets.run("delete_bucket", name)


def objects(snippets, first, second):
    with tempfile.NamedTemporaryFile("w+", suffix=".txt") as file:
        file.write("some text")
        file.flush()
        snippets.run("upload_file", first, file.name, "one.txt")
        snippets.refused("pre-conditions", "upload_file", first, file.name, "one.txt")
        old = storage.Client().bucket(first).get_blob("one.txt").generation
        snippets.run("upload_from_memory", first, "newer", "one.txt")
        snippets.run("download_file", first, "one.txt", file.name)
    snippets.run("list_file_archived_generations", first)
    snippets.run("copy_file_archived_generation", first, "one.txt", second, "old.txt", str(old))
    assert storage.Client().bucket(second).blob("old.txt").download_as_text() == "some text"
    snippets.run("delete_file_archived_generation", first, "one.txt", str(old))
    snippets.run("upload_from_stream", first, io.BytesIO(b"stream"), "two.txt")
    snippets.run("compose_file", first, "one.txt", "two.txt", "both.txt")
    snippets.run("copy_file", first, "one.txt", second, "copied.txt")
    snippets.run("rename_file", first, "two.txt", "renamed.txt")
    snippets.run("move_file_atomically", first, "renamed.txt", "moved.txt")
    for one in ("set_metadata", "get_metadata", "change_file_storage_class", "download_into_memory"):
        snippets.run(one, first, "one.txt")
    snippets.run("batch_request", first, "o")
    snippets.run("list_files_with_prefix", first, "o", "/")
    snippets.run("delete_file", first, "moved.txt")


def access(snippets, bucket):
    for one in ("enable", "disable", "enable"):
        snippets.run(f"{one}_uniform_bucket_level_access", bucket)
    snippets.run("set_public_access_prevention_enforced", bucket)
    snippets.refused("public access prevention", "set_bucket_public_iam", bucket, ["allUsers"])
    for one in ("add_bucket_iam_member", "remove_bucket_iam_member"):
        snippets.run(one, bucket, VIEWER, MEMBER)
        snippets.run("view_bucket_iam_members", bucket)
    condition = ("title", "description", "resource.name != ''", {MEMBER})
    snippets.refused("bindings[].condition", "add_bucket_conditional_iam_binding", bucket, VIEWER, *condition)
    for one in ("enable_requester_pays", "cors_configuration", "print_bucket_acl"):
        snippets.refused("The local Google Cloud does not support", one, bucket)
