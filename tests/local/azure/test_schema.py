"""What is declared: every type has a model and fields that the model knows; every kind is declared, and the reverse."""

import pytest

from trifold.local.azure.api import models
from trifold.local.azure.api.operations import ACTIONS, OPERATIONS, TYPES, accepted
from trifold.local.azure.api.services import KINDS

# A deployment's properties are of the type its discriminator names.
CHOSEN = {
    "Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments": f"{models.ML}:ManagedOnlineDeployment",
    "Microsoft.MachineLearningServices/workspaces/datastores": f"{models.ML}:AzureBlobDatastore",
}


def test_what_is_served_is_declared_and_the_reverse() -> None:
    assert {kind.type for kind in KINDS} == set(TYPES)
    served = {(kind.type, name) for kind in KINDS for name in (*kind.actions, *kind.views)}
    assert served == set(ACTIONS)


@pytest.mark.parametrize("type", TYPES)
def test_every_declared_field_is_the_vendors(type: str) -> None:
    declared = accepted(type)
    assert declared is not None
    for path in declared.paths:
        kind = models.load(declared.model)
        for step in path.split("."):
            known = models.fields(kind)
            if step not in known and type in CHOSEN:
                known = models.fields(models.load(CHOSEN[type]))
            assert step in known, path
            kind = known[step].type
            assert not known[step].readonly, path


def test_the_page_has_an_entry_for_each_operation() -> None:
    assert ("Microsoft.Storage", "storageAccounts/write") in OPERATIONS
    assert ("Blob service", "Put Blob") in OPERATIONS
    assert all(key == (one.service, one.name) for key, one in OPERATIONS.items())
