"""Vertex AI: models with versions and aliases, endpoints that serve, long-running operations (aiplatform.v1)."""
