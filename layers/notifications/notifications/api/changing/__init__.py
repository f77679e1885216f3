"""What makes, checks, writes and deletes configuration, whichever function is asked for it."""
