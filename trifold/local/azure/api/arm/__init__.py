"""Azure Resource Manager: resources by id, requests checked and acted on, operations that take their time."""
