"""Carries what happens in Backend.AI to Amazon EventBridge."""

__version__ = "0.1.0"
