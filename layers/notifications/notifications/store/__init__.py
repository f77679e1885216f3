"""Adapters to what keeps state: DynamoDB and Secrets Manager."""
