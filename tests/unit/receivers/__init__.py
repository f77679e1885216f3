"""Tests of the fake receivers: they answer as their services are documented to."""
