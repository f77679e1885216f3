"""Tests of configuration as the documents of files have it."""
