"""The command line of Backend.AI's notification service."""

__version__ = "0.1.0"
