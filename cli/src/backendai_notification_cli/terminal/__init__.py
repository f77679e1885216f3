"""The terminal: options, input and output."""
