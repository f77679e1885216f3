"""The harness of a deployed local stack: its driver, its receivers, its processes, and waiting."""
