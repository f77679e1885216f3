"""The event bus and the queues: what the parts of the service tell each other."""
