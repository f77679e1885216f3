"""What goes to EventBridge, and what is done about what it does not take."""
