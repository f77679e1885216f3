"""A plan that is being made: what its makers read from, and where they note faults."""

from collections.abc import Collection

from configuration_api.faults import Faults
from configuration_api.reading import Reader
from configuration_api.stored import StoredSet
from configuration_api.world import World
from notifications.core.revisions import Author
from notifications.core.values import value


@value
class Draft:
    """A plan that is being made.

    ``by``: its author. ``faulty_types``: the names of the event types with faults that were found so far.
    """

    stored: StoredSet
    world: World
    faults: Faults
    reader: Reader
    by: Author
    faulty_types: Collection[str]
