"""The API of configuration as code."""
