"""Files that people write, in YAML or JSON: what they say, and in which line."""
