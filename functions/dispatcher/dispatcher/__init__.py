"""From an event on the bus to webhooks."""
