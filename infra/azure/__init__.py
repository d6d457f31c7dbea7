"""Azure: Blob Storage, a container registry, managed identities and Azure ML managed online endpoints."""
