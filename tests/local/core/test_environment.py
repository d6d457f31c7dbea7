"""What a shell is told: a client of the local clouds, and of nothing else; and back again."""

import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.local.core.conftest import CHECKOUT, Checkout
from trifold.local import environment, supervisor

# Written out from the issue: what `trifold local env` must set, whatever the clouds add.
PROXIES = {"http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY"}
CERTIFICATES = {
    "REQUESTS_CA_BUNDLE",
    "SSL_CERT_FILE",
    "AWS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "HTTPLIB2_CA_CERTS",
    "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH",
    "NODE_EXTRA_CA_CERTS",
}
REAL = {
    "AWS_ACCESS_KEY_ID": "AKIAREAL",
    "AWS_SECRET_ACCESS_KEY": "real secret",
    "AWS_PROFILE": "production",
    "AWS_ENDPOINT_URL_S3": "https://real.example",
    "AZURE_CLIENT_SECRET": "real",
    "GOOGLE_APPLICATION_CREDENTIALS": "/home/me/real.json",
    "ARM_CLIENT_SECRET": "real",
    "PULUMI_ACCESS_TOKEN": "pul-real",
    "HTTPS_PROXY": "http://corporate.example:3128",
    "SSL_CERT_FILE": "/etc/corporate.pem",
}


def shell(checkout: Checkout, script: str, program: str = "sh", **more: str) -> dict[str, str]:
    """The environment that a child of the shell gets after the script."""
    script = script.replace("LOCAL ", f"'{sys.executable}' -m trifold.cli.main local ")
    command = [program, "-euc", f"{script}\nenv -0"]
    ended = subprocess.run(
        command, env=checkout.environment(**more), capture_output=True, text=True, timeout=60, cwd=CHECKOUT
    )
    assert ended.returncode == 0, ended.stderr
    return dict(entry.split("=", 1) for entry in ended.stdout.split("\0") if entry)


@pytest.fixture(scope="module")
def entered(started: Checkout) -> dict[str, str]:
    return shell(started, 'eval "$(LOCAL env)"', **REAL)


def test_a_shell_gets_what_the_common_clients_read(started: Checkout, entered: dict[str, str]) -> None:
    running = started.running()
    assert {entered[name] for name in PROXIES} == {f"http://127.0.0.1:{running.door}"}
    assert {entered[name] for name in CERTIFICATES} == {str(started.layout.certificate)}
    assert set(entered["NO_PROXY"].split(",")) == set(entered["no_proxy"].split(",")) >= {"127.0.0.1", "localhost"}
    assert entered["AWS_EC2_METADATA_DISABLED"] == "true"
    assert entered["TRIFOLD_LOCAL"] == "1"
    assert entered["PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION"] == "true"
    assert entered["PULUMI_CONFIG_PASSPHRASE"]
    providers = dict(entry.split(":") for entry in entered["PULUMI_DEBUG_PROVIDERS"].split(","))
    ports = {child.cloud: str(child.ports[0]) for child in running.children if child.role == "provider"}
    assert providers == ports == {"tiny": ports["tiny"], "other": ports["other"]}


def test_the_backend_is_a_folder_that_exists(started: Checkout, entered: dict[str, str]) -> None:
    assert entered["PULUMI_BACKEND_URL"] == f"file://{quote(str(started.layout.backend))}"
    assert started.layout.backend.is_dir()


def test_text_that_a_shell_would_read_arrives_as_it_is(entered: dict[str, str]) -> None:
    assert entered["TINY_KEY"] == 'it\'s a "local" $key'


def test_real_credentials_are_replaced_or_gone(entered: dict[str, str]) -> None:
    assert entered["AWS_ACCESS_KEY_ID"] == "LOCAL"
    assert not {name: value for name, value in REAL.items() if entered.get(name) == value}
    for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL_S3", "PULUMI_ACCESS_TOKEN", "ARM_CLIENT_SECRET"):
        assert name not in entered
    assert "real" not in "".join(entered.values()).lower().replace(str(CHECKOUT).lower(), "")


@pytest.mark.parametrize("program", ["sh", "bash"])
def test_unset_undoes_it(started: Checkout, program: str) -> None:
    plain = shell(started, "", program, **REAL)
    entering, leaving = 'eval "$(LOCAL env)"', 'eval "$(LOCAL env --unset)"'
    assert shell(started, f"{entering}\n{leaving}", program, **REAL) == plain
    assert shell(started, f"{entering}\n{entering}\n{leaving}", program, **REAL) == plain
    assert shell(started, leaving, program) == shell(started, "", program)


def test_unset_works_when_nothing_runs_any_more(started: Checkout, tmp_path: Path) -> None:
    entering, leaving = (
        'eval "$(LOCAL env)"',
        f"TRIFOLD_STATE='{tmp_path}'; eval \"$(LOCAL env --unset)\"",
    )
    left = shell(started, f"{entering}\n{leaving}", **REAL)
    assert {name: left[name] for name in REAL} == REAL


def test_a_process_environment_is_the_same(started: Checkout, entered: dict[str, str], monkeypatch) -> None:
    monkeypatch.setenv("TRIFOLD_LOCAL_PACKAGE", "tests.local.core.fakes")
    ours = supervisor.client_environment(started.state, {**REAL, "PATH": "/bin"})
    assert ours["PATH"] == "/bin"
    assert {name: entered[name] for name in ours if name != "PATH"} == {
        name: value for name, value in ours.items() if name != "PATH"
    }


def test_env_without_running_clouds_says_what_to_do(tmp_path: Path) -> None:
    ended = Checkout(tmp_path).local("env")
    assert (ended.returncode, ended.stdout) == (1, "") and "trifold local start" in ended.stderr


def test_the_supervisor_starts_without_any_clouds_environment() -> None:
    base = {**REAL, "PATH": "/bin", "TRIFOLD_LOCAL": "1", "PULUMI_BACKEND_URL": "x", "TRIFOLD_STATE": "s"}
    assert environment.cleaned(base) == {"PATH": "/bin", "TRIFOLD_STATE": "s"}
