"""Who may import whom: the rooms of the design, and what must stay light or out of a room altogether."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

# room -> the rooms it may import besides itself; trifold.errors may be imported by all.
ALLOWED = {
    "stacks": {"infra"},
    "infra": {"trifold.plugin.resources", "trifold.package", "trifold.facts"},
    "model_packages": {"trifold.package"},
    "trifold.package": set(),
    "trifold.protocol": set(),
    "trifold.facts": set(),
    "trifold.engine": {"trifold.protocol"},
    "trifold.testing": {"trifold.engine", "trifold.protocol"},
    "trifold.plugin": {"trifold.protocol"},
    "trifold.local": {"trifold.protocol", "trifold.facts"},
    "trifold.serving": {"trifold.package"},
    "trifold.policy": {"trifold.facts"},
    "trifold.predict": set(),
    "trifold.compare": {"trifold.facts"},
    "trifold.doctor": {"trifold.facts"},
    "trifold.sweep": {"trifold.facts", "trifold.doctor"},
    "trifold.cli": {"trifold", "infra", "model_packages"},
}
# Top-level packages outside the project that a room must do without.
FOREIGN = {
    "infra": {"boto3", "botocore", "azure", "google", "grpc", "moto"},
    "infra.aws": {"pulumi_azure_native", "pulumi_gcp"},
    "infra.azure": {"pulumi_aws", "pulumi_gcp"},
    "infra.gcp": {"pulumi_aws", "pulumi_azure_native"},
    "infra.capabilities": {"pulumi_aws", "pulumi_azure_native", "pulumi_gcp"},
    "stacks": {"pulumi_aws", "pulumi_azure_native", "pulumi_gcp"},
    "trifold.engine": {"boto3", "azure", "pulumi_aws", "pulumi_azure_native", "pulumi_gcp"},
    "trifold.testing": {"boto3", "azure", "pulumi_aws", "pulumi_azure_native", "pulumi_gcp"},
    "trifold.plugin.resources": {"boto3", "azure", "google", "grpc"},
    "trifold.facts": {"pulumi", "grpc"},
    "trifold.package": {"pulumi", "grpc", "boto3", "azure"},
}
HEAVY = (
    *("pulumi", "grpc", "boto3", "botocore", "moto", "azure.ai.ml", "google.cloud.aiplatform", "google.protobuf"),
    *("numpy", "pandas", "sklearn", "onnx", "onnxruntime", "mlflow", "uvicorn", "cryptography"),
)


def modules(room: str) -> Iterator[tuple[str, ast.Module]]:
    """(dotted name, syntax tree) of each file of a room."""
    folder = ROOT / room.replace(".", "/")
    for path in sorted(folder.rglob("*.py") if folder.is_dir() else []):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        yield name.removesuffix(".__init__"), ast.parse(path.read_text(), str(path))


def imports(tree: ast.AST) -> Iterator[str]:
    """Every module a file names in an import, with what it takes from it, in functions too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def under(name: str, room: str) -> bool:
    return name == room or name.startswith(f"{room}.")


@pytest.mark.parametrize("room", ALLOWED)
def test_a_room_imports_only_what_it_may(room):
    ours = ("trifold", "infra", "stacks", "model_packages")
    allowed = {room, "trifold.errors", *ALLOWED[room]}
    wrong = [
        f"{module} imports {name}"
        for module, tree in modules(room)
        for name in imports(tree)
        if name.partition(".")[0] in ours and not any(under(name, one) for one in allowed)
    ]
    assert not wrong


@pytest.mark.parametrize("room", FOREIGN)
def test_a_room_does_without_what_is_not_its_own(room):
    wrong = [
        f"{module} imports {name}"
        for module, tree in modules(room)
        for name in imports(tree)
        if name.partition(".")[0] in FOREIGN[room]
    ]
    assert not wrong


def test_every_room_has_a_rule():
    found = {f"trifold.{path.parent.name}" for path in (ROOT / "trifold").glob("*/__init__.py")}
    assert found <= set(ALLOWED)


def test_infra_never_knows_that_a_cloud_is_local():
    told = ("trifold.local", "localhost", "127.0.0.1", "emulat", "000000000000")
    files = [*(ROOT / "infra").rglob("*.py"), *(ROOT / "stacks").glob("*.py")]
    wrong = [f"{path.relative_to(ROOT)}: {word}" for path in files for word in told if word in path.read_text()]
    assert not wrong


def test_each_capability_is_one_file_of_the_same_name_in_each_cloud():
    capabilities = {path.name for path in (ROOT / "infra" / "capabilities").glob("*.py")}
    wanted = {*capabilities, "account.py"}
    for cloud in ("aws", "azure", "gcp"):
        files = {path.name: path.read_text() for path in (ROOT / "infra" / cloud).glob("*.py")}
        assert wanted <= set(files)
        # What else there is helps a component; it is none itself.
        assert not [name for name, text in files.items() if "ComponentResource)" in text and name not in wanted]


def test_the_command_line_loads_nothing_heavy():
    check = f"import sys, trifold.cli.main as main; main.build(); print(*sorted(set({HEAVY!r}) & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout.strip()) == (0, ""), done.stderr


def test_the_program_is_short_and_the_same_for_all_clouds():
    text = (ROOT / "stacks" / "__main__.py").read_text()
    assert len(text.splitlines()) < 60
    code = ast.unparse(ast.parse(text))
    assert not any(cloud in code for cloud in ("'aws'", "'azure'", "'gcp'"))


def test_who_reads_a_state_can_use_googles_sdk():
    """Both bring a google.rpc.Status, and protobuf takes one: `trifold predict gcp` reads outputs, then asks."""
    pytest.importorskip("google.api_core")
    check = "import trifold.cli.stack_outputs, trifold.engine.stack, google.api_core.exceptions"
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
