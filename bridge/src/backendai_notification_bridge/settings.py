"""The bridge's settings."""
