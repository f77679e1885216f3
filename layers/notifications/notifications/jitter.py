"""Randomness, to spread load with."""

from random import SystemRandom

random = SystemRandom()
"""Functions that are restored from one snapshot would go on with the same seed; the system has none."""
