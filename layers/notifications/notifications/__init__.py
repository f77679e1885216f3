"""The notification service: its pure core, its adapters (store, messaging, outbound) and its API."""

__version__ = "0.1.0"
