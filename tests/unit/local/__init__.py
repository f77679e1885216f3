"""The scripts of the local stack."""
