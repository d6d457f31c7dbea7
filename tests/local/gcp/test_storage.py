"""Cloud Storage: what the emulator below ignores is done right in front of it."""

import base64
import hashlib
import json

import pytest

UPLOAD = "https://storage.googleapis.com/upload/storage/v1/b/box/o"
TEXT = {"content-type": "text/plain"}


def generation(answer):
    assert answer.status_code == 200, answer.text
    return answer.json()["generation"]


def media(gcp, name="a", headers=None, **query):
    return gcp.storage("GET", f"b/box/o/{name}", params={"alt": "media", **query}, headers=headers)


# ---- buckets -------------------------------------------------------------------------------------------------------


def test_a_bucket_says_what_it_was_made_with(gcp):
    made = gcp.bucket(
        "mine", labels={"team": "a"}, lifecycle={"rule": [{"action": {"type": "Delete"}, "condition": {"age": 3}}]}
    )
    assert made["labels"] == {"team": "a"} and made["lifecycle"]["rule"][0]["condition"] == {"age": 3}
    assert made["location"] == "US-CENTRAL1" and made["storageClass"] == "STANDARD" and made["metageneration"] == "1"
    assert gcp.storage("GET", "b/mine").json() == made


def test_a_taken_name_and_a_bad_one_are_refused(gcp):
    gcp.bucket("mine")
    again = gcp.storage("POST", "b", json={"name": "mine"}, params={"project": "local"})
    bad = gcp.storage("POST", "b", json={"name": "Not_a_name!"}, params={"project": "local"})
    assert (again.status_code, bad.status_code) == (409, 400)
    assert bad.json()["error"]["message"] == "Invalid bucket name: 'Not_a_name!'"


def test_patch_merges_and_null_removes(gcp):
    gcp.bucket("mine", labels={"a": "1", "b": "2"})
    patched = gcp.storage("PATCH", "b/mine", json={"labels": {"a": None, "c": "3"}}).json()
    assert patched["labels"] == {"b": "2", "c": "3"} and patched["metageneration"] == "2"


def test_a_patch_of_an_older_state_is_refused(gcp):
    gcp.bucket("mine")
    answer = gcp.storage("PATCH", "b/mine", json={"labels": {"a": "1"}}, params={"ifMetagenerationMatch": 7})
    assert answer.status_code == 412 and answer.json()["error"]["errors"][0]["reason"] == "conditionNotMet"


def test_a_bucket_that_holds_something_is_not_deleted(box):
    box.upload("box", "a")
    assert box.storage("DELETE", "b/box").status_code == 409
    box.storage("DELETE", "b/box/o/a")
    assert box.storage("DELETE", "b/box").status_code == 409, "the old version is still there"


def test_buckets_are_listed_by_prefix_and_page(gcp):
    for name in ("one", "two-a", "two-b"):
        gcp.bucket(name)
    first = gcp.storage("GET", "b", params={"project": "local", "prefix": "two", "maxResults": 1}).json()
    rest = gcp.storage("GET", "b", params={"project": "local", "prefix": "two", "pageToken": first["nextPageToken"]})
    assert [first["items"][0]["name"], rest.json()["items"][0]["name"]] == ["two-a", "two-b"]


# ---- generations and preconditions ---------------------------------------------------------------------------------


def test_an_overwritten_version_is_kept_where_versions_are_on(box):
    old, new = generation(box.upload("box", "a", b"old")), generation(box.upload("box", "a", b"new"))
    assert int(new) > int(old)
    assert media(box).content == b"new" and media(box, generation=old).content == b"old"
    listed = box.storage("GET", "b/box/o", params={"versions": "true"}).json()["items"]
    assert [one["generation"] for one in listed] == [old, new] and "timeDeleted" in listed[0]
    assert [one["generation"] for one in box.storage("GET", "b/box/o").json()["items"]] == [new]


def test_an_overwritten_version_is_gone_where_versions_are_off(gcp):
    gcp.bucket("plain")
    old = generation(gcp.upload("plain", "a", b"old"))
    gcp.upload("plain", "a", b"new")
    assert gcp.storage("GET", "b/plain/o/a", params={"generation": old}).status_code == 404


def test_deleting_keeps_a_version_and_deleting_that_ends_it(box):
    kept = generation(box.upload("box", "a"))
    assert box.storage("DELETE", "b/box/o/a").status_code == 204
    assert box.storage("GET", "b/box/o/a").status_code == 404
    assert box.storage("GET", "b/box/o/a", params={"generation": kept}).status_code == 200
    box.storage("DELETE", "b/box/o/a", params={"generation": kept})
    assert box.storage("GET", "b/box/o", params={"versions": "true"}).json() == {"kind": "storage#objects"}


def test_only_if_new(box):
    assert box.upload("box", "a", ifGenerationMatch=0).status_code == 200
    refused = box.upload("box", "a", ifGenerationMatch=0)
    assert refused.status_code == 412
    assert refused.json()["error"]["message"] == "At least one of the pre-conditions you specified did not hold."


def test_only_if_unchanged(box):
    old = generation(box.upload("box", "a"))
    assert box.upload("box", "a", b"2", ifGenerationMatch=old).status_code == 200
    assert box.upload("box", "a", b"3", ifGenerationMatch=old).status_code == 412
    assert box.storage("DELETE", "b/box/o/a", params={"ifGenerationMatch": old}).status_code == 412
    assert media(box).content == b"2"


def test_a_read_of_what_one_has_is_not_modified(box):
    have = generation(box.upload("box", "a"))
    answer = media(box, ifGenerationNotMatch=have)
    assert (answer.status_code, answer.content) == (304, b"")


def test_metadata_has_a_generation_of_its_own(box):
    box.upload("box", "a")
    patched = box.storage(
        "PATCH", "b/box/o/a", json={"metadata": {"k": "v"}}, params={"ifMetagenerationMatch": 1}
    ).json()
    assert patched["metageneration"] == "2" and patched["metadata"] == {"k": "v"}
    again = box.storage("PATCH", "b/box/o/a", json={"metadata": {"k": None}}, params={"ifMetagenerationMatch": 1})
    assert again.status_code == 412


# ---- uploads and downloads -----------------------------------------------------------------------------------------


def multipart(meta, content):
    parts = [b"--x\r\ncontent-type: application/json\r\n\r\n" + json.dumps(meta).encode()]
    parts.append(b"--x\r\ncontent-type: application/octet-stream\r\n\r\n" + content)
    return b"\r\n".join([*parts, b"--x--"])


def test_a_multipart_upload_carries_metadata_and_bytes_as_they_are(box):
    content = b"\r\n\x00--y\r\nbinary\r\n\r\n"
    body = multipart({"name": "a", "metadata": {"k": "v"}, "contentType": "image/png"}, content)
    headers = {"content-type": 'multipart/related; boundary="x"'}
    made = box.post(UPLOAD, data=body, params={"uploadType": "multipart"}, headers=headers).json()
    assert made["metadata"] == {"k": "v"} and made["size"] == str(len(content))
    answer = media(box)
    assert answer.content == content and answer.headers["Content-Type"] == "image/png"
    assert answer.headers["X-Goog-Hash"] == f"crc32c={made['crc32c']},md5={made['md5Hash']}"


def test_a_content_that_does_not_match_its_hash_is_refused(box):
    body = multipart({"name": "a", "md5Hash": base64.b64encode(hashlib.md5(b"other").digest()).decode()}, b"content")
    headers = {"content-type": "multipart/related; boundary=x"}
    answer = box.post(UPLOAD, data=body, params={"uploadType": "multipart"}, headers=headers)
    assert answer.status_code == 400 and "doesn't match calculated MD5 hash" in answer.json()["error"]["message"]


def start(box, **query):
    answer = box.post(UPLOAD, json={"metadata": {"k": "v"}}, params={"uploadType": "resumable", "name": "a", **query})
    assert answer.status_code == 200, answer.text
    return answer.headers["Location"]


def piece(box, address, content, span):
    return box.put(address, data=content, headers={"content-range": span})


def test_a_resumable_upload_goes_on_where_it_stood(box):
    address = start(box)
    first = piece(box, address, b"abcd", "bytes 0-3/*")
    assert (first.status_code, first.headers["Range"]) == (308, "bytes=0-3")
    asked = piece(box, address, b"", "bytes */*")
    assert (asked.status_code, asked.headers["Range"]) == (308, "bytes=0-3")
    done = piece(box, address, b"efg", "bytes 4-6/7")
    assert done.status_code == 200 and done.json()["metadata"] == {"k": "v"}
    assert media(box).content == b"abcdefg"
    assert piece(box, address, b"", "bytes */7").json() == done.json(), "the end may be asked for again"


def test_a_piece_that_leaves_a_gap_is_refused(box):
    assert piece(box, start(box), b"x", "bytes 5-5/*").status_code == 400


def test_a_session_that_nobody_opened_is_not_found(box):
    assert piece(box, f"{UPLOAD}?uploadType=resumable&upload_id=none", b"", "bytes */*").status_code == 404


def test_a_cancelled_session_writes_nothing(box):
    address = start(box)
    assert box.request("DELETE", address).status_code == 499
    assert piece(box, address, b"x", "bytes 0-0/1").status_code == 404 and media(box).status_code == 404


def test_a_resumable_uploads_precondition_holds_at_its_end(box):
    address = start(box, ifGenerationMatch=0)
    box.upload("box", "a", b"somebody was faster")
    assert piece(box, address, b"x", "bytes 0-0/1").status_code == 412
    assert media(box).content == b"somebody was faster"


@pytest.mark.parametrize(
    ("span", "status", "content"),
    [
        ("bytes=2-4", 206, b"234"),
        ("bytes=7-", 206, b"789"),
        ("bytes=-2", 206, b"89"),
        ("bytes=5-99", 206, b"56789"),
    ],
)
def test_ranges(box, span, status, content):
    box.upload("box", "a", b"0123456789")
    answer = media(box, headers={"range": span})
    assert (answer.status_code, answer.content) == (status, content)
    assert answer.headers["Content-Range"].endswith("/10")


def test_a_range_beyond_the_end_is_refused(box):
    box.upload("box", "a", b"0123")
    assert media(box, headers={"range": "bytes=9-"}).status_code == 416


def test_names_that_a_file_system_could_not_hold(box):
    names = ["a", "a/b", "a//b", "ü ?#%/x", "../../up"]
    for name in names:
        assert box.upload("box", name, name.encode()).status_code == 200
    assert sorted(one["name"] for one in box.storage("GET", "b/box/o").json()["items"]) == sorted(names)


# ---- listing, copies, batches --------------------------------------------------------------------------------------


@pytest.fixture
def tree(box):
    for name in ("a/1", "a/2", "b/1", "c"):
        box.upload("box", name)
    return box


def listed(gcp, **query):
    found = gcp.storage("GET", "b/box/o", params=query).json()
    return [one["name"] for one in found.get("items", [])], found.get("prefixes", [])


def test_folders_by_delimiter(tree):
    assert listed(tree, delimiter="/") == (["c"], ["a/", "b/"])
    assert listed(tree, delimiter="/", prefix="a/") == (["a/1", "a/2"], [])


def test_offsets_and_globs(tree):
    assert listed(tree, startOffset="a/2", endOffset="c")[0] == ["a/2", "b/1"]
    assert listed(tree, matchGlob="*/1")[0] == ["a/1", "b/1"]


def test_pages_come_to_the_same(tree):
    names, token = [], ""
    while True:
        page = tree.storage(
            "GET", "b/box/o", params={"maxResults": 1, **({"pageToken": token} if token else {})}
        ).json()
        names += [one["name"] for one in page["items"]]
        token = page.get("nextPageToken", "")
        if not token:
            break
    assert names == ["a/1", "a/2", "b/1", "c"]


def test_partial_answers(tree):
    found = tree.storage("GET", "b/box/o", params={"fields": "items(name,size),nextPageToken"}).json()
    assert set(found) == {"items"} and set(found["items"][0]) == {"name", "size"}


def test_a_batch_is_answered_call_by_call(tree):
    head = "--b\r\nContent-Type: application/http\r\nContent-ID: "
    calls = [f"{head}<{number}>\r\n\r\nDELETE /storage/v1/b/box/o/{name} HTTP/1.1\r\n\r\n\r\n"
             for number, name in enumerate(["c", "missing"])]  # fmt: skip
    answer = tree.post(
        "https://storage.googleapis.com/batch/storage/v1",
        data="".join([*calls, "--b--"]).encode(),
        headers={"content-type": 'multipart/mixed; boundary="b"'},
    )
    assert "HTTP/1.1 204" in answer.text and "HTTP/1.1 404" in answer.text and "<response-1>" in answer.text
    assert media(tree, "c").status_code == 404


@pytest.mark.parametrize(
    "field",
    [
        {"cors": [{"maxAgeSeconds": 1}]},
        {"retentionPolicy": {"retentionPeriod": "1"}},
        {"billing": {"requesterPays": True}},
    ],
)
def test_what_would_not_act_is_refused_by_name(gcp, field):
    answer = gcp.storage("POST", "b", json={"name": "x-y-z", **field}, params={"project": "local"})
    assert answer.status_code == 501 and next(iter(field)) in answer.json()["error"]["message"]
