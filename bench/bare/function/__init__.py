"""The code of the bare Lambda."""
