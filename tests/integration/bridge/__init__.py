"""Tests of the bridge with real servers."""
