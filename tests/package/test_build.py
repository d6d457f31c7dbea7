"""What `build` promises: one digest for one set of inputs, no needless training, nothing half done."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.package.conftest import ADDER, REQUIREMENTS
from trifold.package import BuildError, current, load, verify
from trifold.package.build import BESIDE, build


def test_the_same_inputs_give_the_same_bytes_in_two_folders(make):
    one, two = make(root="one"), make(root="elsewhere/two")
    assert one.trained and two.trained
    assert one.package.digest == two.package.digest
    assert one.package.archive.read_bytes() == two.package.archive.read_bytes()


def test_a_real_model_trained_in_another_process_gives_the_same_digest(digits, tmp_path):
    code = "import sys, pathlib, trifold.package.build as b; print(b.build('digits', sys.argv[1], requirements="
    command = [
        sys.executable,
        "-c",
        code + "pathlib.Path(sys.argv[2])).package.digest)",
        str(tmp_path),
        str(REQUIREMENTS),
    ]
    environment = {**os.environ, "OMP_NUM_THREADS": "2", "TZ": "Asia/Tokyo", "PYTHONHASHSEED": "7", "LC_ALL": "C"}
    got = subprocess.run(command, capture_output=True, text=True, timeout=120, env=environment, check=True)
    assert got.stdout.strip() == digits.digest


@pytest.mark.soak
def test_flights_trained_anew_gives_the_same_digest(flights, tmp_path):
    assert build("flights", tmp_path, requirements=REQUIREMENTS).package.digest == flights.digest


def test_another_seed_is_another_package_and_becomes_the_current_one(make, tmp_path):
    first, second = make().package, make(seed=2).package
    assert first.digest != second.digest
    assert current("adder", tmp_path / "packages") == second.folder.parent
    assert load(second.folder).sample["response"]["predictions"][1]["known"] == 2


def test_nothing_is_trained_when_no_input_changed(make, tmp_path):
    first = make()
    make(seed=2)
    again = make()
    assert (first.trained, again.trained) == (True, False)
    assert current("adder", tmp_path / "packages") == first.package.folder.parent


def test_a_change_of_the_code_or_the_requirements_trains_again(make, module, tmp_path):
    first = make()
    other = tmp_path / "serving.txt"
    other.write_text(REQUIREMENTS.read_text() + "# more\n")
    changed = build(f"{module()}:train", tmp_path / "packages", requirements=other)
    assert changed.trained and changed.package.digest != first.package.digest
    assert make(replace={"# Adder": "# Adder, anew"}).trained


def test_a_build_without_change_imports_nothing_heavy(digits, tmp_path):
    code = (
        "import sys, pathlib, trifold.package.build as b\n"
        "r = b.build('digits', sys.argv[1], requirements=pathlib.Path(sys.argv[2]), make_current=False)\n"
        "print(r.trained, sorted({'numpy', 'onnx', 'onnxruntime', 'sklearn', 'mlflow', 'pandas'} & set(sys.modules)))"
    )
    root = str(digits.folder.parents[2])
    command = [sys.executable, "-c", code, root, str(REQUIREMENTS)]
    got = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert got.stdout.strip() == "False []"


def test_a_damaged_package_is_built_again(make):
    first = make().package
    (first.folder / "model.onnx").write_bytes(b"spoilt")
    again = make()
    assert again.trained and again.package.digest == first.digest
    verify(again.package.folder.parent)


def test_nothing_in_the_package_tells_when_or_where_it_was_built(make, tmp_path):
    package = make().package
    texts = [file.read_bytes() for file in package.folder.rglob("*") if file.is_file()]
    assert not any(str(tmp_path).encode() in text or b"utc_time" in text for text in texts)
    provenance = json.loads((package.folder / "provenance.json").read_text())
    assert set(provenance) == {"entry_point", "seed", "data", "code", "tools", "notes"}


# ---- refused -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("replace", "reason"),
    [
        ({'"model": {"brier": 0.1}': '"model": {"brier": 0.2}'}, "brier: 0.2000 does not beat guess with 0.2000"),
        ({'"model": {"brier": 0.1}': '"model": {"brier": float("nan")}'}, "the model or guess has no number for it"),
        ({'"baselines": {"guess": {"brier": 0.2}}': '"baselines": {}'}, "no baseline to beat"),
        ({'"lower"': '"smaller"'}, "gate 'brier' is neither"),
    ],
)
def test_a_model_that_does_not_beat_its_baselines_is_refused(make, tmp_path, replace, reason):
    with pytest.raises(BuildError) as refused:
        make(replace=replace)
    assert "'adder' is not better than its baselines" in str(refused.value)
    assert reason in str(refused.value)
    assert not (tmp_path / "packages" / "adder" / "current").exists()


@pytest.mark.parametrize(
    ("replace", "reason"),
    [
        (
            {'Column("a", "double")': 'Column("c", "double")'},
            "'a' is not in both the graph's inputs and signature.json",
        ),
        (
            {'Column("a", "double")': 'Column("a", "string")'},
            "'a': signature.json says string, the graph tensor(float)",
        ),
        ({'"total", 0': '"totals", 0'}, "the graph has no output 'totals'"),
        ({'["one", "two", None, "what", ""]': '["one"]'}, "sample.json: has fewer than 5 instances"),
        ({'{"a": n,': '{"a": None,'}, "row 0: 'a' is missing"),
        ({'TrainedModel(graph(seed), SIGNATURE, SAMPLE, METRICS, "# Adder")': "graph(seed)"}, "returned bytes, not"),
        ({"graph(seed), SIGNATURE": 'b"no graph", SIGNATURE'}, "cannot be packaged"),
    ],
)
def test_a_model_that_does_not_fit_its_signature_is_refused_and_leaves_nothing(make, tmp_path, replace, reason):
    with pytest.raises(BuildError) as refused:
        make(replace=replace)
    assert reason in str(refused.value)
    assert left_in(tmp_path / "packages" / "adder") == []


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("trains", "there is no model 'trains'"),
        ("no.such.module:train", "there is no model 'no.such.module:train'"),
        ("model_packages.digits:fit", "module 'model_packages.digits' has no function 'fit'"),
        ("../digits", "'../digits' is no entry point"),
        ("a b:c", "'a b:c' is no entry point"),
    ],
)
def test_a_wrong_entry_point_is_named(tmp_path, entry, message):
    with pytest.raises(BuildError) as refused:
        build(entry, tmp_path, requirements=REQUIREMENTS)
    assert message in str(refused.value)


def test_the_models_that_there_are_are_listed(tmp_path):
    with pytest.raises(BuildError, match="one of digits, flights"):
        build("trains", tmp_path, requirements=REQUIREMENTS)


# ---- killed ------------------------------------------------------------------------------------------------------

KILL = """
import os, pathlib, signal, sys
import trifold.package.build as b
from trifold.package import archive, manifest

def die(*given, **more):
    os.kill(os.getpid(), signal.SIGKILL)

place, name = sys.argv[3].split(".")
setattr({"build": b, "archive": archive, "manifest": manifest}[place], name, die)
b.build("adder_model:train", sys.argv[1], requirements=pathlib.Path(sys.argv[2]))
"""


@pytest.mark.parametrize(
    "point", ["build.write", "build._write_json", "manifest.make", "archive.pack", "build._place", "build._point"]
)
def test_a_build_that_is_killed_leaves_no_half_package(make, module, tmp_path, point):
    module()
    root = tmp_path / "packages"
    killed = subprocess.run(
        [sys.executable, "-c", KILL, str(root), str(REQUIREMENTS), point],
        env={**os.environ, "PYTHONPATH": str(tmp_path / "user")},
        timeout=60,
        capture_output=True,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    assert not (root / "adder" / "current").exists()
    for digest in (name for name in left_in(root / "adder") if not name.startswith(BESIDE)):
        verify(root / "adder" / digest)  # in place only when whole
    package = make().package
    verify(package.folder.parent)
    assert left_in(root / "adder") == [package.digest]


def left_in(home: Path) -> list[str]:
    """What lies there beside the build's own records."""
    return sorted(path.name for path in home.iterdir() if path.name not in (".inputs", ".lock", "current"))


def test_two_builds_at_once_end_with_one_package(module, tmp_path):
    module()
    code = "import sys, pathlib, trifold.package.build as b; b.build('adder_model:train', sys.argv[1], requirements="
    command = [sys.executable, "-c", code + "pathlib.Path(sys.argv[2]))", str(tmp_path / "packages"), str(REQUIREMENTS)]
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "user")}
    running = [subprocess.Popen(command, env=environment) for _ in range(3)]
    assert [process.wait(60) for process in running] == [0, 0, 0]
    assert len(left_in(tmp_path / "packages" / "adder")) == 1


def test_an_undecorated_function_is_an_entry_point_too(tmp_path, monkeypatch):
    (tmp_path / "plain.py").write_text(
        ADDER.replace('@packaged(name="adder")\n', "").replace("def train(", "def my_model(")
    )
    monkeypatch.syspath_prepend(tmp_path)
    package = build("plain:my_model", tmp_path / "packages", requirements=REQUIREMENTS).package
    assert package.name == "my-model"
    verify(package.folder)
