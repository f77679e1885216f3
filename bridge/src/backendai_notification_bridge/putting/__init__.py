"""Put events on EventBridge, and handle those that it does not take."""
