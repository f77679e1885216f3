"""Windows of time in which events of a rule belong together: once-per and digests. Values in, values out."""
