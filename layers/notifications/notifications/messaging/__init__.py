"""The event bus and the queues that connect the parts of the service."""
