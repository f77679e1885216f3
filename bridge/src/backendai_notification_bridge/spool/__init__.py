"""The spool on disk, so that neither a crash nor an outage loses anything that was read."""
