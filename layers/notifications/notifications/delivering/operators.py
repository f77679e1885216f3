"""Tell operators what became of channels and deliveries, by operational events on the bus."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from notifications.core.records import DeliveryRecord

if TYPE_CHECKING:
    from notifications.core.operational import OperationalEvent


class Operators:
    """Note what happens, and put it on the bus when nothing else is waiting, because that takes a while.

    ``put``: puts events on the bus, and raises nothing, because no delivery may depend on that.
    """

    def __init__(self, put: "Callable[[Sequence[OperationalEvent]], None]") -> None:
        self._put = put
        self._noted: list[OperationalEvent] = []

    def note(self, event: "OperationalEvent") -> None:
        """Note what has happened."""
        self._noted.append(event)

    def note_failed(self, records: Sequence[DeliveryRecord]) -> None:
        """Note those of these deliveries that have failed for good."""
        failed = [record for record in records if record.status == "failed"]
        if failed:
            from notifications.core.operational import of_deliveries  # noqa: PLC0415 - most batches have none

            self._noted += of_deliveries(failed)

    def tell(self) -> None:
        """Put what was noted on the bus."""
        noted, self._noted = self._noted, []
        if noted:
            self._put(noted)
