"""SageMaker's control plane and its runtime: models, endpoint configurations, endpoints that serve."""
