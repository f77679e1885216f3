"""What a new spec takes over from a channel's present one."""

from dataclasses import dataclass, field

from notifications.core.errors import InvalidRequest
from notifications.core.hosts import Host
from notifications.core.kinds import kind_of
from notifications.core.model import Spec
from notifications.core.targets import Target, TargetPolicy


@dataclass
class Stored:
    """A channel's present spec, from which a new one takes what it leaves out.

    Credentials stay with their host: a new spec gets them only if it has the same scheme, host and port, or
    if the client asks for it (``keep``). ``dropped``: the names of those that it did not get.
    """

    spec: Spec
    policy: TargetPolicy
    keep: bool = False
    dropped: list[str] = field(default_factory=list)

    def lends_to(self, new: Target) -> bool:
        """Return whether a new target may get the stored credentials."""
        return self.keep or self._place() == _place(new)

    def _place(self) -> tuple[Host, int, str] | None:
        try:
            return _place(kind_of(self.spec).target(self.spec, self.policy))
        except InvalidRequest:  # the present target was allowed when it was stored
            return None


def _place(target: Target) -> tuple[Host, int, str]:
    return target.host, target.port, target.url.partition(":")[0]
