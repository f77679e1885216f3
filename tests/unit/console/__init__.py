"""Tests of the console's modules that decide without a browser."""
