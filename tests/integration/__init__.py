"""Adapters and API functions on real sockets and on moto."""
