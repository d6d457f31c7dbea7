"""Where the checkout and its state folder are."""

import os
from pathlib import Path

from trifold.errors import UserError


def project_folder() -> Path:
    """The nearest folder upwards that holds Pulumi.yaml. Raises UserError where there is none."""
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / "Pulumi.yaml").exists():
            return folder
    raise UserError("no Pulumi.yaml here or above", where=str(here), next="run it inside a checkout of trifold")


def state_folder() -> Path:
    """`.trifold/` of the checkout, or $TRIFOLD_STATE."""
    given = os.environ.get("TRIFOLD_STATE")
    return Path(given) if given else project_folder() / ".trifold"
