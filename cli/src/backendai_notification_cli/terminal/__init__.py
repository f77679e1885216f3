"""The terminal: what commands are given, and what they show."""
