"""``make faults``: whatever can go wrong goes wrong on a deployed local stack, and nothing may be lost."""
