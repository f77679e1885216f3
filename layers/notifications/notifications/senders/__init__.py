"""Adapters to receivers."""
