"""Each platform's container contract: which one it is, where the model lies, routes, and how the digest gets out."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.serving.conftest import Client
from trifold.errors import UserError
from trifold.package import load
from trifold.package.archive import pack
from trifold.serving import platforms, settings
from trifold.serving.server import opened


def located(environment: dict[str, str], tmp_path: Path) -> Path:
    chosen = settings.read(["serve"], {"TRIFOLD_WORKSPACE": str(tmp_path / "work"), **environment})
    return Path(opened(chosen, platforms.adapter(chosen)).folder)


@pytest.mark.parametrize(
    ("environment", "platform", "port"),
    [
        ({}, "sagemaker", 8080),
        ({"SM_MODEL_DIR": "/x"}, "sagemaker", 8080),
        ({"AZUREML_MODEL_DIR": "/x"}, "azureml", 5001),
        ({"AIP_HTTP_PORT": "7080"}, "vertex", 7080),
        ({"AIP_STORAGE_URI": "gs://b/m"}, "vertex", 8080),
        ({"AIP_HTTP_PORT": "7080", "TRIFOLD_PORT": "1234"}, "vertex", 1234),
    ],
)
def test_the_platform_is_told_by_its_environment(environment: dict[str, str], platform: str, port: int) -> None:
    chosen = settings.read(["serve"], environment)
    assert (chosen.platform, chosen.port, chosen.host) == (platform, port, "127.0.0.1")


@pytest.mark.parametrize("name", ["TRIFOLD_PORT", "TRIFOLD_THREADS", "TRIFOLD_MAX_BODY_BYTES"])
def test_a_wrong_setting_is_named(name: str) -> None:
    with pytest.raises(UserError, match=f"{name} must be an integer"):
        settings.read([], {name: "many"})


def test_routes(client: Client) -> None:
    wanted = {"sagemaker": ["/ping"], "azureml": ["/", "/ready"], "vertex": ["/health"]}
    for route in wanted[client.app.platform.name]:
        assert client.call("GET", route).status == 200


def test_vertex_names_its_own_routes(serve: Any, records: Path, row: dict[str, Any]) -> None:
    client = serve(records, "vertex", AIP_HEALTH_ROUTE="/v1/live", AIP_PREDICT_ROUTE="/v1/go:predict")
    assert client.call("GET", "/v1/live").status == 200
    assert client.score([row]).status == 200


def test_the_digest_gets_out_as_the_platform_lets_it(client: Client, records: Path, row: dict[str, Any]) -> None:
    digest, answer = load(records).digest, client.score([row])
    if client.app.platform.name == "sagemaker":
        assert answer.headers["x-amzn-sagemaker-custom-attributes"] == f"trifold-digest={digest}"
        assert set(answer.json) == {"predictions"}
    else:
        assert answer.headers["x-trifold-digest"] == digest
        extra = {"digest": digest} if client.app.platform.name == "azureml" else {}
        assert answer.json == {"predictions": answer.json["predictions"], **extra}


def test_while_it_drains_it_says_so(serve: Any, records: Path, row: dict[str, Any]) -> None:
    client = serve(records)
    client.app.ready = False
    assert client.call("GET", "/ping").status == 503
    assert client.score([row]).status == 200


def test_sagemaker_has_unpacked_the_model(records: Path, tmp_path: Path) -> None:
    assert located({"SM_MODEL_DIR": str(records)}, tmp_path) == records


@pytest.mark.parametrize("below", ["", "flights"])
@pytest.mark.parametrize("packed", [True, False])
def test_azure_mounts_a_folder_or_an_archive(records: Path, tmp_path: Path, below: str, packed: bool) -> None:
    mounted = tmp_path / "mount" / below
    if packed:
        mounted.mkdir(parents=True)
        pack(records, mounted / "model.tar.gz")
    else:
        shutil.copytree(records, mounted)
    folder = located({"AZUREML_MODEL_DIR": str(tmp_path / "mount")}, tmp_path)
    assert load(folder).digest == load(records).digest
    assert folder.is_relative_to(tmp_path / "work" if packed else mounted)


def test_a_mount_without_a_package_says_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "mount").mkdir()
    (tmp_path / "mount" / "weights.bin").touch()
    with pytest.raises(UserError, match=r"neither manifest.json nor model.tar.gz, but weights.bin"):
        located({"AZUREML_MODEL_DIR": str(tmp_path / "mount")}, tmp_path)


def test_two_packages_in_a_mount_are_one_too_many(records: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        shutil.copytree(records, tmp_path / "mount" / name)
    with pytest.raises(UserError, match="more than one package"):
        located({"AZUREML_MODEL_DIR": str(tmp_path / "mount")}, tmp_path)


def test_a_changed_file_is_named_before_it_serves(records: Path, tmp_path: Path) -> None:
    shutil.copytree(records, tmp_path / "model")
    (tmp_path / "model" / "card.md").write_text("# another\n")
    with pytest.raises(UserError, match=r"card\.md"):
        located({"SM_MODEL_DIR": str(tmp_path / "model")}, tmp_path)


def test_a_cut_archive_is_named(records: Path, tmp_path: Path) -> None:
    (tmp_path / "mount").mkdir()
    pack(records, tmp_path / "whole.tar.gz")
    whole = (tmp_path / "whole.tar.gz").read_bytes()
    (tmp_path / "mount" / "model.tar.gz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(UserError, match=r"model.tar.gz: is damaged or cut short"):
        located({"AZUREML_MODEL_DIR": str(tmp_path / "mount")}, tmp_path)


def test_an_archive_over_the_limit_is_refused(records: Path, tmp_path: Path) -> None:
    (tmp_path / "mount").mkdir()
    pack(records, tmp_path / "mount" / "model.tar.gz")
    environment = {"AZUREML_MODEL_DIR": str(tmp_path / "mount"), "TRIFOLD_MAX_ARCHIVE_BYTES": "1000"}
    with pytest.raises(UserError, match="beyond the allowed size"):
        located(environment, tmp_path)


@pytest.mark.parametrize("uri", ["", "s3://bucket/model"])
def test_vertex_needs_a_bucket(uri: str, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="AIP_STORAGE_URI"):
        located({"AIP_HTTP_PORT": "8080", "AIP_STORAGE_URI": uri}, tmp_path)


def test_a_sample_that_the_model_answers_otherwise_is_refused(serve: Any, records: Path, tmp_path: Path) -> None:
    shutil.copytree(records, tmp_path / "model")
    sample = json.loads((records / "sample.json").read_text())
    sample["response"]["predictions"][3]["late"] += 1e-3
    (tmp_path / "model" / "sample.json").write_text(json.dumps(sample))
    with pytest.raises(UserError, match="row 3 of the sample gives late"):
        serve(tmp_path / "model")
