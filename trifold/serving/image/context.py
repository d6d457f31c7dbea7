"""The build context: the few files that the image is made of, and a tag that names their content."""

import hashlib
import shutil
from pathlib import Path

from trifold.errors import UserError

DOCKERFILE = Path("trifold/serving/image/Dockerfile")
REQUIREMENTS = Path("requirements/serving.txt")
SOURCES = ("trifold/__init__.py", "trifold/errors.py", "trifold/package", "trifold/serving")
NAME = "trifold-serving"


def files(project: Path) -> dict[str, Path]:
    """Where each file of the context comes from, by its path in the context. Raises UserError where one is missing."""
    found = {"Dockerfile": project / DOCKERFILE, "requirements.txt": project / REQUIREMENTS}
    for source in SOURCES:
        path = project / source
        modules = sorted(path.rglob("*.py")) if path.is_dir() else [path]
        found |= {module.relative_to(project).as_posix(): module for module in modules}
    if missing := [path for path in found.values() if not path.is_file()]:
        raise UserError("the image cannot be built: a file is missing", where=str(missing[0]), next="use a checkout")
    return found


def stage(project: Path, target: Path) -> None:
    """Copy the context into an empty folder."""
    for name, source in files(project).items():
        place = target / name
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, place)


def tag(project: Path) -> str:
    """12 hex digits of what the image is made of: the same content has the same tag."""
    digest = hashlib.sha256()
    for name, source in sorted(files(project).items()):
        digest.update(f"{name}\0{hashlib.sha256(source.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()[:12]
