"""Resolve requirements/*.in into *.txt: pinned, hashed, for every platform, without a registry's address."""

import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent
OPTIONS = ["--universal", "--python-version", "3.11", "--generate-hashes", "--no-emit-index-url", "--no-annotate",
           "--custom-compile-command", "make lock", "--quiet"]  # fmt: skip
NAMES = ("uv", "node", "engine", "serving", "kit", "dev")


def lock(name: str) -> None:
    """Write requirements/NAME.txt; later files follow the pins of dev.txt, so that all of them agree."""
    folder = ROOT / "requirements"
    pins = ["--constraint", str(folder / "dev.txt")] if name not in ("dev", "uv", "node") else []
    resolve(folder, name, pins)


def resolve(folder: pathlib.Path, name: str, pins: list[str]) -> None:
    """Write NAME.txt beside NAME.in."""
    uv = ROOT / ".venv" / "bin" / "uv"
    target = folder / f"{name}.txt"
    subprocess.run([uv, "pip", "compile", *OPTIONS, *pins, f"{name}.in", "-o", target], check=True, cwd=folder)


if __name__ == "__main__":
    for each in ("dev", *(name for name in NAMES if name != "dev")):
        lock(each)
        print(f"requirements/{each}.txt")
    # pulumi-policy pins an older protobuf than the kit's.
    resolve(ROOT / "policy_pack", "requirements", [])
    print("policy_pack/requirements.txt")
