"""One maker for each kind of entry: an entry in, events out."""
