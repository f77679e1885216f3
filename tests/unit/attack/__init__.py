"""Tests of what the attacks are made with."""
