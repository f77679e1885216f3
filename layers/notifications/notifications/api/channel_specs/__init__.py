"""How channels and their specs are described in requests, and checked."""
