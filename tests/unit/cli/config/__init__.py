"""The commands about files of configuration."""
