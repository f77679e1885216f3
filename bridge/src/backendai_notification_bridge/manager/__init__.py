"""What the bridge asks Backend.AI's manager."""
