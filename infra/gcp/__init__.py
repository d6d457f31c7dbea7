"""Google Cloud: Cloud Storage, Artifact Registry, IAM and Vertex AI online prediction."""
