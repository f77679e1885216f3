"""Send deliveries, records the results, and arranges the next attempts."""
