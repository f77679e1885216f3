"""Configuration as the documents of files have it: what is stored, written as somebody would write it."""
