"""The API of verdicts: whether rules fire on events, and why."""
