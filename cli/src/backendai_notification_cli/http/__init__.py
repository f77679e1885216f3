"""The service over HTTP: whom to ask, how a request is signed and sent, and what a refusal means."""
