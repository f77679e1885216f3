"""A proxy between the functions and AWS's APIs, which makes the faults that it is told."""
