"""The pictures of docs/receivers.md: what a reader of each service sees of a message, drawn from its body."""
