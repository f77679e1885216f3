"""What the commands about files show."""

from backendai_notification_cli.terminal.kinds import Column, Kind

PLAN = Kind(labels={}, fields=("set", "version", "changes", "unchanged", "warnings"))
APPLIED = Kind(labels={}, fields=("set", "applied", "unchanged"))
_TO_ADOPT = ("action", "kind", "key", "id", "name")
ADOPTED = Kind(labels={}, fields=("set", "adopted", "unchanged", *_TO_ADOPT))
TO_ADOPT = Kind(labels={}, fields=_TO_ADOPT, columns=[Column(name, name) for name in _TO_ADOPT])
"""What a dry run lists if an option asks for it."""

EXPORTED = Kind(labels={}, fields=("set", "channels", "event_types", "rules", "mutes"))
GIVEN_UP = Kind(labels={}, fields=("set", "given_up"))
