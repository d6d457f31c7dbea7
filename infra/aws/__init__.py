"""AWS: S3, ECR, IAM and SageMaker real-time endpoints."""
