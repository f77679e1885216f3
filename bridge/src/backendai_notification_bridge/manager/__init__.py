"""Queries to Backend.AI's manager."""
