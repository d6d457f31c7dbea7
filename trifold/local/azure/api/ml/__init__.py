"""Azure Machine Learning: the assets of a workspace, and online endpoints whose deployments really serve."""
