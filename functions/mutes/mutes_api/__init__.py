"""The API of mutes, which keep deliveries back for a while."""
