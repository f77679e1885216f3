"""Serves the console: its page, and the files that it is made of."""
