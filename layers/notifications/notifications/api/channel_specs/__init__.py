"""The parts of requests that describe channels and their specs."""
