"""The parts of a channel's present spec that a new one inherits."""

from dataclasses import dataclass, field

from notifications.core.errors import InvalidRequest
from notifications.core.hosts import Host
from notifications.core.kinds import kind_of
from notifications.core.model import Spec
from notifications.core.targets import Target, TargetPolicy

Place = tuple[Host, int, str]
"""A host, a port and a scheme."""


@dataclass
class Stored:
    """A channel's present spec, from which a new one inherits what it leaves out.

    Credentials stay with their host: a new spec inherits them only if it has the same scheme, host and port,
    or if the client asks for it (``keep``). ``dropped``: the names of those that it did not inherit.
    """

    spec: Spec
    place: Place | None
    """The place of the present spec's target; None if that is no longer allowed."""
    keep: bool = False
    dropped: list[str] = field(default_factory=list)

    def lends_to(self, new: Target) -> bool:
        """Return whether a new target may get the stored credentials."""
        return self.keep or self.place == _place(new)


def taken_from(spec: Spec, policy: TargetPolicy, *, keep: bool) -> Stored:
    """Make the ``Stored`` of a channel's present spec."""
    try:
        place = _place(kind_of(spec).target(spec, policy))
    except InvalidRequest:  # the present target was allowed when it was stored
        place = None
    return Stored(spec, place, keep)


def _place(target: Target) -> Place:
    return target.host, target.port, target.url.partition(":")[0]
