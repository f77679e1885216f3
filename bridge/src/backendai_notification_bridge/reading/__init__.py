"""What the bridge hears in Valkey: the stream, the channel, the cache keys; and who of two bridges leads."""
