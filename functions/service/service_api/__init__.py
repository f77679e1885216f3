"""What clients ask of the service as a whole."""
