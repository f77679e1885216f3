"""What a channel's present spec lends to a new one."""

from dataclasses import dataclass, field

from notifications.core.errors import InvalidRequest
from notifications.core.hosts import Host
from notifications.core.kinds import kind_of
from notifications.core.model import Spec
from notifications.core.targets import Target, TargetPolicy


@dataclass
class Stored:
    """The spec that a channel has, which lends a new one what that leaves out.

    Credentials stay with their host: they are lent to a spec that leads to the same scheme, host and port, or
    if somebody says so (``keep``). ``dropped`` names those that were not.
    """

    spec: Spec
    policy: TargetPolicy
    keep: bool = False
    dropped: list[str] = field(default_factory=list)

    def lends_to(self, new: Target) -> bool:
        """Return whether credentials may go where a new spec leads."""
        return self.keep or self._place() == _place(new)

    def _place(self) -> tuple[Host, int, str] | None:
        try:
            return _place(kind_of(self.spec).target(self.spec, self.policy))
        except InvalidRequest:  # it was allowed once
            return None


def _place(target: Target) -> tuple[Host, int, str]:
    return target.host, target.port, target.url.partition(":")[0]
