"""Tests of what the faults are made with."""
