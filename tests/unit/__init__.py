"""Without a stack."""
