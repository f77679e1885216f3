"""The command tree: each folder is a group, each module a command."""
