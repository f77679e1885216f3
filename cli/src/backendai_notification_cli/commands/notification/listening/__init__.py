"""What `listen` is made of: where it stands, what it posts again, and how it tells of it."""
