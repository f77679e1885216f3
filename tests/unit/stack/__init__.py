"""Tests of what drives a deployed stack."""
