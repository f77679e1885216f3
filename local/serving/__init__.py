"""What runs in ministack's own environment."""
