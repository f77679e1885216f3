"""One maker for each kind of entry: what was heard in, events out."""
