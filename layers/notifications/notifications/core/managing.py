"""Sets of configuration: what a file describes and applying it makes, changes and deletes."""

from notifications.core.values import value


@value
class Managed:
    """Which set something belongs to, and its key there, which is its identity whatever its name is."""

    set: str
    key: str
