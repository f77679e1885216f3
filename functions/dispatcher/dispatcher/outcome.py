"""The result of a batch: reports of its events, and messages that the queue must return."""

import logging
from dataclasses import field

from dispatcher.messages import Message
from dispatcher.sending import Report
from notifications.core.pauses import doubled
from notifications.core.values import mutable, value

FIRST_RETURN_SECONDS = 60
LAST_RETURN_SECONDS = 300
"""How long an event waits that could not be dispatched because a part of AWS was unavailable: doubled each
time, up to this."""

logger = logging.getLogger(__name__)


@value
class Returned:
    """A message that the queue must return.

    ``error``: why; None if nothing went wrong. ``after``: in how many seconds; None for later each time.
    """

    message: Message
    error: Exception | None
    after: float | None = None

    @property
    def seconds(self) -> float:
        """In how many seconds the queue returns it."""
        if self.after is not None:
            return self.after
        return doubled(FIRST_RETURN_SECONDS, LAST_RETURN_SECONDS, self.message.receives - 1)


@mutable
class Dispatched:
    """The result of a batch: a report for each event that was processed, and the messages to return."""

    reports: list[Report] = field(default_factory=list)
    back: list[Returned] = field(default_factory=list)

    def give_back(self, message: Message, error: Exception) -> None:
        """Have the queue return a message, later each time."""
        logger.warning("event comes again", exc_info=error, extra={"message_id": message.id})
        self.back.append(Returned(message, error))

    def put_off(self, message: Message, seconds: float) -> None:
        """Have the queue return a message in a number of seconds, although nothing went wrong."""
        self.back.append(Returned(message, None, seconds))
