"""Randomness that spreads load."""

from random import SystemRandom

random = SystemRandom()
"""The system's source, because functions that are restored from one snapshot would share a seed."""
