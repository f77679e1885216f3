"""Run all parts together: ``backendai-notification-bridge run``."""
