"""What is decided about sets of configuration."""
