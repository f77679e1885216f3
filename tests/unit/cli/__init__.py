"""The command line against a loopback service."""
