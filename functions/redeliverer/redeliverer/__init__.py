"""What was not delivered at once: retries, replays, what was held, and what was forgotten."""
