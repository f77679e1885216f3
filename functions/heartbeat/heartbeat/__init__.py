"""An event that shows that events get through."""
