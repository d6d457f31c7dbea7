"""The image: its Dockerfile by a dry parse, its context, and each builder's commands, with fake ones on the PATH."""

import json
import os
import re
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from trifold.cli import image
from trifold.errors import UserError
from trifold.serving.image import context, tools

CHECKOUT = Path(__file__).resolve().parents[2]
REFERENCE = "registry.example/trifold-serving:abc"
DIGEST = "sha256:" + "5" * 64

# A builder that writes its command line down and, where it is told a file for the digest, one into it.
FAKE = f"""#!{sys.executable}
import json, os, pathlib, sys
with open(os.environ["FAKE_LOG"], "a") as log:
    log.write(json.dumps([pathlib.Path(sys.argv[0]).name, *sys.argv[1:]]) + "\\n")
metadata = json.dumps({{"containerimage.digest": "{DIGEST}"}})
for flag, text in (("--digestfile", "{DIGEST}"), ("--metadata-file", metadata)):
    if flag in sys.argv:
        pathlib.Path(sys.argv[sys.argv.index(flag) + 1]).write_text(text)
if "inspect" in sys.argv:
    print(json.dumps(["registry.example/trifold-serving@{DIGEST}"]))
sys.exit(1 if sys.argv[1:] == ["buildx", "version"] and os.environ.get("NO_BUILDX") else 0)
"""


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile's instructions: comments out, continued lines joined."""
    text = re.sub(r"^#.*\n", "", (CHECKOUT / context.DOCKERFILE).read_text(), flags=re.MULTILINE).replace("\\\n", " ")
    pairs = [line.split(None, 1) for line in text.splitlines() if line.strip()]
    return [(name, rest.strip()) for name, rest in pairs]


def given(name: str) -> list[str]:
    return [rest for found, rest in instructions() if found == name]


def test_every_instruction_is_one_that_docker_knows() -> None:
    known = (
        "FROM",
        "ARG",
        "ENV",
        "RUN",
        "COPY",
        "USER",
        "WORKDIR",
        "VOLUME",
        "EXPOSE",
        "STOPSIGNAL",
        "ENTRYPOINT",
        "CMD",
    )
    assert {name for name, _ in instructions()} <= set(known)


def test_it_is_multi_stage_pinned_and_for_linux_amd64() -> None:
    (base,) = given("ARG")
    assert re.fullmatch(r"BASE=python:3\.11[\w.-]*@sha256:[0-9a-f]{64}", base)
    assert given("FROM") == ["--platform=linux/amd64 ${BASE} AS build", "--platform=linux/amd64 ${BASE}"]
    install = next(run for run in given("RUN") if "pip" in run and "install" in run)
    assert "--require-hashes" in install
    assert "--only-binary=:all:" in install


def test_it_runs_without_root_and_writes_to_one_path() -> None:
    assert given("USER") == ["10001:10001"]
    (volume,) = given("VOLUME")
    (path,) = json.loads(volume)
    environment = dict(pair.split("=", 1) for line in given("ENV")[-1:] for pair in line.split())
    assert environment["TRIFOLD_WORKSPACE"] == environment["TMPDIR"] == environment["HOME"] == path
    assert environment["PYTHONDONTWRITEBYTECODE"] == "1"


def test_only_the_image_binds_all_interfaces() -> None:
    assert any("TRIFOLD_HOST=0.0.0.0" in line for line in given("ENV"))
    sources = [path for path in (CHECKOUT / "trifold" / "serving").rglob("*.py") if "0.0.0.0" in path.read_text()]
    assert sources == []


def test_it_starts_the_server_as_sagemaker_does() -> None:
    entry, command = json.loads(given("ENTRYPOINT")[0]), json.loads(given("CMD")[0])
    assert [*entry[1:], *command] == ["-m", "trifold.serving", "serve"]


def test_the_context_holds_the_server_and_runs_without_the_rest(tmp_path: Path) -> None:
    context.stage(CHECKOUT, tmp_path)
    staged = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert {"Dockerfile", "requirements.txt", "trifold/serving/__main__.py", "trifold/package/verify.py"} <= staged
    assert not [name for name in staged if re.match(r"trifold/(cli|local|engine|plugin|facts)/", name)]
    copied = {rest.split()[0] for rest in given("COPY") if not rest.startswith("--from")}
    assert all((tmp_path / name).exists() for name in copied)
    code = "import trifold.serving.server as s; print(s.__file__)"
    environment = {"PYTHONPATH": str(tmp_path), "PATH": os.environ["PATH"]}
    ended = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert ended.stdout.startswith(str(tmp_path)), ended.stderr


def test_the_tag_follows_the_content(tmp_path: Path) -> None:
    for name, source in context.files(CHECKOUT).items():
        place = tmp_path / {"Dockerfile": context.DOCKERFILE, "requirements.txt": context.REQUIREMENTS}.get(name, name)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(source.read_bytes())
    assert context.tag(tmp_path) == context.tag(CHECKOUT)
    (tmp_path / "trifold" / "errors.py").write_text("# changed\n")
    assert context.tag(tmp_path) != context.tag(CHECKOUT)


@pytest.fixture
def fakes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """(*names) -> a PATH with these builders only; returns a function that tells the commands they were given."""

    def put(*names: str) -> Any:
        folder = tmp_path / "bin"
        folder.mkdir()
        for name in names:
            (folder / name).write_text(FAKE)
            (folder / name).chmod(stat.S_IRWXU)
        monkeypatch.setenv("PATH", str(folder))
        monkeypatch.setenv("FAKE_LOG", str(tmp_path / "log"))
        return lambda: [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]

    monkeypatch.chdir(CHECKOUT)
    return put


@pytest.mark.parametrize(
    ("names", "chosen"),
    [(["docker"], "buildx"), (["podman"], "podman"), (["buildah"], "buildah"), (["buildah", "podman"], "podman")],
)
def test_the_builder_that_is_there_is_taken(fakes: Any, names: list[str], chosen: str) -> None:
    fakes(*names)
    assert tools.find().name == chosen


def test_docker_without_buildx_is_taken_as_it_is(fakes: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_BUILDX", "1")
    fakes("docker")
    assert tools.find().name == "docker"


def test_without_a_builder_the_next_step_is_said(fakes: Any) -> None:
    fakes()
    with pytest.raises(UserError, match="no image builder on this machine"):
        tools.find()
    with pytest.raises(UserError, match="there is no builder 'kaniko'"):
        tools.find("kaniko")


@pytest.mark.parametrize(
    ("tool", "wanted"),
    [
        ("docker", ["docker", "buildx", "build", "--platform", "linux/amd64", "--provenance=false", "--sbom=false"]),
        ("podman", ["podman", "build", "--format", "docker", "--platform", "linux/amd64"]),
        ("buildah", ["buildah", "build", "--format", "docker", "--platform", "linux/amd64"]),
    ],
)
def test_build(fakes: Any, capsys: pytest.CaptureFixture[str], tool: str, wanted: list[str]) -> None:
    told = fakes(tool)
    image.build("prod", "", "registry.example", False)
    command = told()[-1]
    assert command[: len(wanted)] == wanted
    assert command[command.index("--tag") + 1] == f"registry.example/trifold-serving:{context.tag(CHECKOUT)}"
    assert "trifold image push -s prod" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("tool", "docker_v2"),
    [("docker", "type=image,push=true,oci-mediatypes=false"), ("podman", "v2s2"), ("buildah", "v2s2")],
)
def test_push_is_of_a_docker_v2_manifest(
    fakes: Any, capsys: pytest.CaptureFixture[str], tool: str, docker_v2: str
) -> None:
    told = fakes(tool)
    image.push("prod", "", "registry.example", False)
    assert docker_v2 in told()[-1]
    pinned = f"registry.example/trifold-serving@{DIGEST}"
    assert f"next: pulumi config set trifold:image {pinned} -s prod" in capsys.readouterr().out


def test_plain_docker_pushes_and_asks_for_the_digest(
    fakes: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NO_BUILDX", "1")
    told = fakes("docker")
    image.push("prod", "", "registry.example", False)
    assert [command[1] for command in told()[-2:]] == ["push", "image"]
    assert DIGEST in capsys.readouterr().out


def test_a_builder_that_fails_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="ended with status 3"):
        tools.run([[sys.executable, "-c", "raise SystemExit(3)"]], tmp_path)


def test_pulumi_tells_the_registry_where_it_is_there(fakes: Any, tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    fakes("podman")
    fake = "import sys; print(sys.argv[-2] + '.example' if 'registry' in sys.argv else sys.exit('no'))"
    (tmp_path / "bin" / "pulumi").write_text(f"#!{sys.executable}\n{fake}\n")
    (tmp_path / "bin" / "pulumi").chmod(stat.S_IRWXU)
    image.push("prod", "", "", True)
    assert f"prod.example/trifold-serving:{context.tag(CHECKOUT)}" in capsys.readouterr().out


def test_what_pulumi_says_is_told(fakes: Any, tmp_path: Path) -> None:
    fakes("podman")
    (tmp_path / "bin" / "pulumi").write_text(
        f"#!{sys.executable}\nimport sys; sys.exit('error: no stack named prod')\n"
    )
    (tmp_path / "bin" / "pulumi").chmod(stat.S_IRWXU)
    with pytest.raises(UserError, match="pulumi: error: no stack named prod"):
        image.build("prod", "", "", False)
