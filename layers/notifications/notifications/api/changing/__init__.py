"""Makes, checks, writes and deletes configuration, for the routes of each object and for whole files."""
