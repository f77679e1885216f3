"""The API of rules and event types."""
