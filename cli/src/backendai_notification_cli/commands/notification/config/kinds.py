"""What the commands about files show."""

from backendai_notification_cli.terminal.kinds import Kind

PLAN = Kind(labels={}, fields=("set", "version", "changes", "unchanged", "warnings"))
APPLIED = Kind(labels={}, fields=("set", "applied", "unchanged"))
ADOPTED = Kind(labels={}, fields=("set", "adopted", "unchanged"))
EXPORTED = Kind(labels={}, fields=("set", "channels", "event_types", "rules", "mutes"))
GIVEN_UP = Kind(labels={}, fields=("set", "given_up"))
