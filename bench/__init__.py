"""What is measured of the service, and what it is compared to."""
