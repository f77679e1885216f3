"""The API of the service as a whole."""
