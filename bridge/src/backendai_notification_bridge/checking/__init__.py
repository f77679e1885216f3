"""Whether everything that the bridge needs is there: one look at each, nothing changed."""
