"""Send deliveries, record the results, and arrange the next attempts."""
