"""The API's edge, without AWS."""
