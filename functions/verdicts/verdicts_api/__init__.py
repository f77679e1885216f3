"""The API of what rules make of events."""
