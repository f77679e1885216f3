"""The console in a real browser, on a deployed stack."""
