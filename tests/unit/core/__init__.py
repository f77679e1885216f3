"""The pure core, without any I/O."""
