"""What the burst is compared to."""
