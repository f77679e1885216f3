"""What the bridge keeps on disk, so that nothing it was given is lost by a death or an outage."""
