"""Which events are wanted, and which way."""

from backendai_notification_bridge.core.heard import Via


def unwanted(name: str, via: Via) -> str | None:
    """Say why an entry that came this way can be dropped by its name, None if it is wanted.

    ``noise``: known, and of no use. ``other way``: the same comes another way as well. ``unknown name``.
    """
    raise NotImplementedError
