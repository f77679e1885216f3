"""The API of events and their deliveries."""
