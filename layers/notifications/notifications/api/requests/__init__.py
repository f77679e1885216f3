"""The documents that create channels, rules, event types and mutes."""
