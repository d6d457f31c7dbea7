"""One try in a process of its own: `CLOUD NAME STATE`; prints the denial.

For Google's: its google.rpc.Status and that of Pulumi's SDK cannot be in one process.
"""

import sys
from pathlib import Path

from tests.conformance import grants

if __name__ == "__main__":
    cloud, name, state = sys.argv[1:]
    grant = next(one for one in grants.of(cloud) if one.name == name)
    made = grants.rig_of(cloud, Path(state))
    with made.after:
        grant.held(made)
        said = grant.denied(made)
    grants.put_away()
    sys.stdout.write(said)
