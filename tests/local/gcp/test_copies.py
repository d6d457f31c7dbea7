"""Cloud Storage: objects made out of others by copying, joining and moving."""


def content(box, name, bucket="box"):
    answer = box.storage("GET", f"b/{bucket}/o/{name}", params={"alt": "media"})
    return answer.content if answer.status_code == 200 else None


def test_a_rewrite_copies_content_and_metadata_across_buckets(box):
    box.bucket("other")
    box.upload("box", "a", b"content")
    box.storage("PATCH", "b/box/o/a", json={"metadata": {"k": "v"}})
    made = box.storage("POST", "b/box/o/a/rewriteTo/b/other/o/x", json={}).json()
    assert made["done"] and made["resource"]["metadata"] == {"k": "v"}
    assert content(box, "x", "other") == b"content"


def test_compose_joins_in_order(box):
    box.upload("box", "a", b"1")
    box.upload("box", "b", b"2")
    body = {"sourceObjects": [{"name": "b"}, {"name": "a"}], "destination": {"contentType": "text/plain"}}
    made = box.storage("POST", "b/box/o/joined/compose", json=body).json()
    assert made["componentCount"] == 2 and content(box, "joined") == b"21"


def test_a_move_is_a_copy_under_another_name_and_a_delete(box):
    old = box.upload("box", "a", b"content").json()
    box.storage("PATCH", "b/box/o/a", json={"metadata": {"k": "v"}})
    made = box.storage("POST", "b/box/o/a/moveTo/o/b").json()
    assert (made["name"], made["metadata"], made["metageneration"]) == ("b", {"k": "v"}, "1")
    assert made["generation"] > old["generation"]
    assert (content(box, "a"), content(box, "b")) == (None, b"content")
    versions = box.storage("GET", "b/box/o", params={"versions": "true"}).json()["items"]
    assert [(one["name"], "timeDeleted" in one) for one in versions] == [("a", True), ("b", False)]


def test_a_move_keeps_to_its_conditions(box):
    box.upload("box", "a", b"1")
    box.upload("box", "b", b"2")
    taken = box.storage("POST", "b/box/o/a/moveTo/o/b", params={"ifGenerationMatch": 0})
    changed = box.storage("POST", "b/box/o/a/moveTo/o/c", params={"ifSourceGenerationMatch": 1})
    itself, missing = (box.storage("POST", f"b/box/o/{name}/moveTo/o/a") for name in ("a", "none"))
    assert [one.status_code for one in (taken, changed, itself, missing)] == [412, 412, 400, 404]
    assert (content(box, "a"), content(box, "b"), content(box, "c")) == (b"1", b"2", None)


def test_who_may_not_delete_may_not_move(box):
    box.upload("box", "a", b"1")
    writer = box.account("writer")
    role = {"role": "roles/storage.objectCreator", "members": [f"serviceAccount:{writer}"]}
    reads = {"role": "roles/storage.objectViewer", "members": [f"serviceAccount:{writer}"]}
    box.storage("PUT", "b/box/iam", json={"bindings": [role, reads]})
    box.caller = writer
    answer = box.storage("POST", "b/box/o/a/moveTo/o/b")
    assert answer.status_code == 403 and "storage.objects.delete" in answer.json()["error"]["message"]
