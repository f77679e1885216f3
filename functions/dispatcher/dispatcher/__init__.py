"""The dispatcher: from events on the bus to requests to receivers."""
