"""Carry Backend.AI's events to Amazon EventBridge."""

__version__ = "0.1.0"
