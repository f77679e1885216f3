"""A minimal client of the AWS APIs that the service calls."""
