"""Read Valkey: the stream, the channel, the cache keys; and which of two bridges leads."""
