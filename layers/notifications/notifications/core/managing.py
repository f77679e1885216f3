"""Sets of configuration: the objects that a file describes, and that applying it changes."""

from notifications.core.values import value


@value
class Managed:
    """The set that an object belongs to, and its key there, by which it is known even if its name changes."""

    set: str
    key: str
