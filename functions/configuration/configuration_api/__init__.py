"""The API of configuration as code: sets of objects that a file describes."""
