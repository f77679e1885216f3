"""Send what was not delivered at once: retries, replays, held deliveries, and those that were lost."""
