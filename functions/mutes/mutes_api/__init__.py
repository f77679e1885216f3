"""The API of mutes: what is not to be sent for a while."""
