"""``make attack``: all that is hostile, as far as we know of it, against a stack that must refuse it."""
