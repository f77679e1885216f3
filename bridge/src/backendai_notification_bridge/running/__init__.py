"""The parts put together: what runs as ``backendai-notification-bridge run``."""
