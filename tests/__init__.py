"""Tests, from the pure core to the deployed stack."""
