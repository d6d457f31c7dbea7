"""The peers' environments: one each under .trifold/bench/, from the locked files in requirements/. Quick when there."""

import hashlib
import importlib.util
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
REQUIREMENTS = Path(__file__).parent / "requirements"
SERVER = ROOT / "requirements" / "serving.txt"  # what the image installs, and what the server is measured with
TARGET = ROOT / ".trifold" / "bench"
LOCK = ["--universal", "--python-version", "3.11", "--generate-hashes", "--no-emit-index-url", "--no-annotate"]


def environment(name: str) -> Path:
    """The bin folder of the environment for requirements/NAME.txt, made if it is not there or older."""
    lock = SERVER if name == "trifold" else REQUIREMENTS / f"{name}.txt"
    folder, wanted = TARGET / name, hashlib.sha256(f"{sys.version} {lock.read_text()}".encode()).hexdigest()
    stamp = folder / "trifold.stamp"
    if not stamp.exists() or stamp.read_text() != wanted:
        uv("venv", "--clear", "--python", sys.executable, str(folder))
        python = str(folder / "bin" / "python")
        uv("pip", "install", *index(), "--python", python, "--require-hashes", "-r", str(lock))
        stamp.write_text(wanted)
    return folder / "bin"


def uv(*arguments: str) -> None:
    """Run the checkout's uv. Raises CalledProcessError."""
    subprocess.run([str(Path(sys.executable).parent / "uv"), "--quiet", *arguments], check=True, cwd=ROOT)


def index() -> list[str]:
    """Where packages come from: pip's own settings, as scripts/setup.py reads them."""
    spec = importlib.util.spec_from_file_location("setup_script", ROOT / "scripts" / "setup.py")
    assert spec is not None and spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    found: list[str] = script.index(Path(sys.executable))
    return found


def lock() -> None:
    """Resolve requirements/*.in anew: `python -m benchmarks.serving.install`."""
    for source in sorted(REQUIREMENTS.glob("*.in")):
        target = str(source.with_suffix(".txt"))
        command = ["--custom-compile-command", "python -m benchmarks.serving.install"]
        uv("pip", "compile", *index(), *LOCK, *command, str(source), "-o", target, "--upgrade")


if __name__ == "__main__":
    lock()
