"""What the others are compared to."""
