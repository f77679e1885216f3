"""Adapters to DynamoDB and Secrets Manager, which keep the state."""
