"""State files: written so that Pulumi reads them, refused where they are not understood, true after a kill."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.conftest import PASSPHRASE
from tests.engine.replaying import load_replay
from trifold.engine import checkpoint, journal
from trifold.engine.backend import FileBackend, StackFiles, open_backend
from trifold.engine.checkpoint import Operation, Snapshot
from trifold.engine.journal import Recorder
from trifold.engine.secrets import Passphrase, find_passphrase
from trifold.engine.state import Resource, Timeouts, resource_from_json, resource_to_json
from trifold.errors import UserError
from trifold.protocol.values import Secret


@pytest.fixture(scope="module")
def secrets() -> Passphrase:
    return Passphrase(PASSPHRASE)


def thing(name: str, **values: object) -> Resource:
    return Resource(f"urn:pulumi:dev::proj::ref:index:Thing::{name}", "ref:index:Thing", True, id=f"{name}-1", **values)


# ---- secrets ------------------------------------------------------------------------------------------------------


def test_what_is_sealed_opens_as_pulumi_opens_it(secrets: Passphrase) -> None:
    sealed = {
        "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
        "ciphertext": secrets.encrypt({"a": 1}),
    }
    assert load_replay().decrypt(sealed, secrets.salt.split(":")[1]) == {"<secret>": {"a": 1}}


def test_a_salt_opens_with_its_passphrase_only(secrets: Passphrase) -> None:
    assert Passphrase(PASSPHRASE, secrets.salt).decrypt(secrets.encrypt("x")) == "x"
    with pytest.raises(UserError, match="incorrect passphrase"):
        Passphrase("another", secrets.salt).verify()


def test_an_unchanged_secret_keeps_its_ciphertext(secrets: Passphrase) -> None:
    again = Passphrase(PASSPHRASE, secrets.salt)
    sealed = secrets.encrypt("same")
    assert again.decrypt(sealed) == "same" and again.encrypt("same") == sealed


def test_a_passphrase_comes_from_the_environment_or_a_file(tmp_path: Path) -> None:
    (tmp_path / "phrase").write_text("from file\n")
    assert find_passphrase({"PULUMI_CONFIG_PASSPHRASE": ""}) == ""
    assert find_passphrase({"PULUMI_CONFIG_PASSPHRASE_FILE": str(tmp_path / "phrase")}) == "from file"
    with pytest.raises(UserError, match="passphrase must be set"):
        find_passphrase({})


# ---- resources and checkpoints ------------------------------------------------------------------------------------


def test_a_resource_comes_back_from_its_entry(secrets: Passphrase) -> None:
    one = thing(
        "a",
        inputs={"x": Secret([1, "two"]), "y": None},
        outputs={"z": 1.5},
        protect=True,
        timeouts=Timeouts(create=90),
        property_dependencies={"x": []},
        replacement_trigger=Secret("t"),
        hooks={"BeforeCreate": ["h"]},
    )
    entry = resource_to_json(one, secrets.encrypt)
    assert entry["customTimeouts"] == {"create": 90} and "[1" not in json.dumps(entry)
    again = resource_from_json(entry, secrets.decrypt)
    assert again.inputs == one.inputs and again.replacement_trigger == one.replacement_trigger
    assert resource_to_json(again, secrets.encrypt) == entry


def test_an_entry_with_something_unknown_is_refused(secrets: Passphrase) -> None:
    with pytest.raises(ValueError, match="futureField"):
        resource_from_json({"urn": "urn:x", "type": "t", "futureField": 1}, secrets.decrypt)


def test_a_checkpoint_comes_back(secrets: Passphrase) -> None:
    snapshot = Snapshot([thing("a", inputs={"p": Secret("s")})], [Operation(thing("b"), "creating")])
    found = checkpoint.parse(checkpoint.dump("organization/proj/dev", snapshot, secrets), "here")
    again = checkpoint.load(found, secrets.decrypt, "here")
    assert [one.urn for one in again.resources] == [one.urn for one in snapshot.resources]
    assert again.resources[0].inputs == {"p": Secret("s")}
    assert [one.kind for one in again.pending] == ["creating"]
    assert found["checkpoint"]["stack"] == "organization/proj/dev" and found["version"] == 3


def test_features_of_newer_files_raise_the_version(secrets: Passphrase) -> None:
    snapshot = Snapshot([thing("a", replace_with=["urn:b"], hooks={"BeforeCreate": ["h"]})])
    found = checkpoint.parse(checkpoint.dump("s", snapshot, secrets), "here")
    assert found["version"] == 4 and found["features"] == ["hooks", "replaceWith"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"version":3,"checkpoint":{"st', "is damaged"),
        ('{"version":9,"checkpoint":{}}', "version 9"),
        ("[]", "version None"),
    ],
)
def test_a_file_that_is_not_understood_is_refused_by_name(text: str, said: str) -> None:
    with pytest.raises(UserError, match=said) as caught:
        checkpoint.parse(text, "dev.json")
    assert "dev.json" in str(caught.value)


def test_another_secrets_provider_is_refused_by_name() -> None:
    found = {"checkpoint": {"latest": {"secrets_providers": {"type": "service"}}}}
    with pytest.raises(UserError, match="'service'"):
        checkpoint.secrets_salt(found, "dev.json")


# ---- the backend's files --------------------------------------------------------------------------------------------


def stack_files(folder: Path) -> StackFiles:
    backend = FileBackend(folder)
    backend.prepare()
    return backend.stack("proj", "dev")


@pytest.mark.parametrize("url", ["s3://bucket", "https://api.pulumi.com", "azblob://x", "gs://x", ""])
def test_only_files_hold_state(url: str, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="not supported"):
        open_backend(url, tmp_path)


def test_a_saved_checkpoint_has_a_backup_and_attributes(tmp_path: Path) -> None:
    files = stack_files(tmp_path)
    files.save("one")
    files.save("two")
    assert files.checkpoint.read_text() == "two" and Path(f"{files.checkpoint}.bak").read_text() == "one"
    attributes = json.loads(Path(f"{files.checkpoint}.attrs").read_text())
    assert attributes["user.content_type"] == "text/plain; charset=utf-8" and attributes["md5"]
    files.back_up()
    files.add_history({"kind": "update"})
    places = sorted(str(file.relative_to(tmp_path / ".pulumi")).split("/")[0] for file in tmp_path.rglob("*.json"))
    assert places == ["backups", "history", "history", "stacks"]


def test_a_stack_is_held_by_one_and_a_dead_holder_counts_as_none(tmp_path: Path) -> None:
    files = stack_files(tmp_path)
    with files.locked(), pytest.raises(UserError, match="currently locked by 1"), files.locked():
        pass
    with files.locked():
        held = next(iter(files.locks.glob("*.json")))
        content = json.loads(held.read_text())
    files.locks.mkdir(parents=True, exist_ok=True)
    (files.locks / "dead.json").write_text(json.dumps({**content, "pid": 2**22 + 1}))
    with files.locked():
        assert not (files.locks / "dead.json").exists()


# ---- the journal ----------------------------------------------------------------------------------------------------

STEPS = st.lists(
    st.tuples(st.sampled_from(["create", "fail", "update", "delete", "same", "mark", "outputs"]), st.integers(0, 5)),
    max_size=25,
)


@settings(max_examples=60, deadline=None)
@given(STEPS, st.integers(0, 3), st.floats(0, 1))
def test_a_kill_at_any_moment_leaves_the_state_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, secrets: Passphrase, steps: list, found: int, share: float
) -> None:
    """After each change, what the files say is what the run knows; however often the checkpoint is written whole."""
    files = stack_files(tmp_path_factory.mktemp("backend"))
    base = Snapshot([thing(f"old{number}") for number in range(found)])
    files.save(checkpoint.dump(files.full_name, base, secrets))
    recorder = Recorder(files, base, secrets)
    recorder.start()
    for number, (what, pick) in enumerate(steps):
        recorder._spent = 1e9 if number % 4 > 4 * share else 0.0  # whether the next change is written whole
        change(recorder, what, pick, f"new{number}")
        assert on_disk(files, secrets) == in_memory(recorder, secrets)
        with torn(files):
            assert on_disk(files, secrets) == in_memory(recorder, secrets)
    recorder.finish()
    assert on_disk(files, secrets) == in_memory(recorder, secrets) and not files.journal.exists()


def change(recorder: Recorder, what: str, pick: int, name: str) -> None:
    there = recorder.snapshot().resources
    chosen = there[pick % len(there)] if there else None
    if what in ("create", "fail") or chosen is None:
        new = thing(name, inputs={"s": Secret(name)})
        recorder.begin(new, "creating")
        if what != "fail":
            recorder.end(new, made=new)
    elif what == "update":
        new = chosen.copy()
        recorder.begin(new, "updating")
        recorder.end(new, made=new, gone=(chosen,))
    elif what == "delete":
        recorder.begin(chosen, "deleting")
        recorder.end(chosen, gone=(chosen,))
    elif what == "same":
        recorder.same(chosen, chosen.copy(), write=bool(pick % 2))
    elif what == "mark":
        new = thing(name)
        chosen.delete = True
        recorder.begin(new, "creating")
        recorder.end(new, made=new, marked=chosen)
    else:
        chosen.outputs = {"changed": name}
        recorder.update(chosen)


def on_disk(files: StackFiles, secrets: Passphrase) -> tuple:
    text = files.checkpoint.read_bytes()
    found = checkpoint.parse(text.decode(), "here")
    found = journal.fold(found, text, files.journal) or found
    return shape(checkpoint.load(found, secrets.decrypt, "here"), secrets)


def in_memory(recorder: Recorder, secrets: Passphrase) -> tuple:
    return shape(recorder.snapshot(), secrets)


def shape(snapshot: Snapshot, secrets: Passphrase) -> tuple:
    resources = [resource_to_json(one, secrets.encrypt) for one in snapshot.resources]
    return resources, sorted((one.resource.urn, one.kind) for one in snapshot.pending)


@contextmanager
def torn(files: StackFiles) -> Iterator[None]:
    """With a last line that was cut off in the middle."""
    whole = files.journal.read_bytes()
    files.journal.write_bytes(whole + b'{"done": 0')
    yield
    os.truncate(files.journal, len(whole))
