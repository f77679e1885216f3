"""AWS's APIs: what the service calls of them, with no more than that needs."""
