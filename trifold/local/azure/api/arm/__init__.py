"""Azure Resource Manager: resources as objects by id, requests checked and acted on, operations that take their time."""
