"""What can go wrong with one entry, and with the settings."""


class BridgeError(Exception):
    """The root of the bridge's errors. ``reason`` is one line for whoever runs the bridge."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Undecodable(BridgeError):
    """An entry has none of the known forms. Trying again cannot help."""


class Refused(BridgeError):
    """An entry was decoded, but no event can be made of it. Trying again cannot help."""


class TryLater(BridgeError):
    """No event can be made of an entry now, but perhaps later."""


class ManagerUnavailable(TryLater):
    """The manager does not answer, or not with success."""


class LookupFailed(TryLater):
    """The manager answers that it could not look up this one."""


class WrongSettings(BridgeError):
    """A setting is missing or wrong. ``reason`` names it."""
