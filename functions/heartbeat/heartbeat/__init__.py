"""The heartbeat: an event that proves that events get through."""
