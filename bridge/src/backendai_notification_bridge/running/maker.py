"""Make events of the entries in the spool. An entry that fails does not hold up the next one."""

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from backendai_notification_bridge.backoff import Backoff
from backendai_notification_bridge.core.errors import ManagerUnavailable, Refused, TryLater, Undecodable
from backendai_notification_bridge.core.events import Made
from backendai_notification_bridge.core.makers.lookup import UNAVAILABLE_TRIES
from backendai_notification_bridge.core.making import MakeOptions, make, session_asked_for
from backendai_notification_bridge.core.received import ReceivedEntry
from backendai_notification_bridge.core.sessions import Session, Sessions
from backendai_notification_bridge.core.unknown import unknown_fields
from backendai_notification_bridge.running.told import tell_dropped
from backendai_notification_bridge.spool.counting import UNKNOWN_FIELD
from backendai_notification_bridge.spool.rows import Waiting
from backendai_notification_bridge.spool.spool import Round, Spool

logger = logging.getLogger(__name__)

FRESH, PUT_OFF = 200, 50
"""How many entries one round processes: new ones, and those that wait for the manager."""

IDLE_SECONDS = 1.0
AGAIN_SECONDS = 4.0
"""How long until the manager is asked again for a session that it did not know."""

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
"""Pauses between attempts to reach a manager that does not respond."""


Decoded = ReceivedEntry | Exception
"""A decoded entry, or why it cannot be decoded."""


class Away:
    """The manager's stand-in during a pause, because the manager has just not responded."""

    def session(self, session_id: str) -> Session | None:
        """Raise at once."""
        raise ManagerUnavailable(f"the manager did not answer just now: session {session_id} waits")

    def warm(self, session_ids: Sequence[str]) -> None:
        """Do nothing."""

    def ended_since(self, at: datetime) -> Iterator[Session]:
        """Raise at once."""
        raise ManagerUnavailable(f"the manager did not answer just now: what ended since {at} waits")

    started_since = ended_since


class Maker:
    """Turn entries into events. ``leads``: whether this bridge puts them."""

    def __init__(
        self,
        spool: Spool,
        sessions: Sessions | None,
        options: MakeOptions,
        leads: Callable[[], bool],
        made: threading.Event,
    ) -> None:
        self._spool = spool
        self._sessions = sessions
        self._options = options
        self._leads = leads
        self._made = made
        self._backoff = Backoff(FIRST_PAUSE, LONGEST_PAUSE)
        self._after = 0
        self._again_at = 0.0

    def run(self, stopped: Callable[[], bool], arrived: threading.Event) -> None:
        """Make events until stopped. ``arrived``: set when there is a new entry."""
        while not stopped():
            if not self.round():
                arrived.wait(IDLE_SECONDS)
                arrived.clear()

    def round(self) -> bool:
        """Process one round; return whether there was any entry."""
        waiting = self._spool.fresh(FRESH) + self._put_off()
        if not waiting:
            return False
        settled = Round(self._spool.memory())
        decoded = [_decoded(each) for each in waiting]
        self._warm(decoded)
        for each, received in zip(waiting, decoded, strict=True):
            self._one(each, received, settled)
        if settled.later and self._after == 0 and time.monotonic() >= self._again_at:
            self._again_at = time.monotonic() + AGAIN_SECONDS  # the last waiting one was just tried
        tell_dropped(self._spool.settle(settled))
        for reason, count in Counter(reason for _, reason in settled.refused).items():
            logger.warning(
                "No event can be made of entries: they are in the quarantine",
                extra={"reason": reason, "entries": count},
            )
        if settled.events:
            self._made.set()
        return True

    def _put_off(self) -> list[Waiting]:
        """Go once through the entries that wait for the manager, then pause."""
        if self._backoff.left or time.monotonic() < self._again_at:
            return []
        waiting = self._spool.put_off(self._after, PUT_OFF)
        if len(waiting) < PUT_OFF:
            self._after, self._again_at = 0, time.monotonic() + AGAIN_SECONDS
        else:
            self._after = waiting[-1].number
        return waiting

    def _warm(self, decoded: Sequence[Decoded]) -> None:
        """Look up the sessions of a round together: one by one, a burst of thousands takes minutes."""
        manager = self._manager()
        if manager is not None:
            asked = (
                session_asked_for(received) for received in decoded if isinstance(received, ReceivedEntry)
            )
            manager.warm([session_id for session_id in asked if session_id is not None])

    def _one(self, waiting: Waiting, decoded: Decoded, settled: Round) -> None:
        try:
            received = _whole(decoded)
            made = make(received, settled.memory, self._manager(), self._options, waiting.tries)
        except ManagerUnavailable as error:
            settled.memory.forget()
            # During an outage tries count only up to a limit, so that an entry has some left when the manager
            # is back.
            tries = max(waiting.tries, min(waiting.tries + 1, UNAVAILABLE_TRIES))
            settled.later.append((waiting.number, tries))
            self._away(error)
        except TryLater:
            settled.memory.forget()
            settled.later.append((waiting.number, waiting.tries + 1))
        except (Undecodable, Refused) as error:
            self._refuse(waiting, error.reason, settled)
        except Exception as error:  # a bug must not stop the entries behind this one
            logger.exception("An entry could not be made into an event", extra={"number": waiting.number})
            self._refuse(waiting, f"fault of the bridge: {error!r}", settled)
        else:
            settled.memory.keep()
            settled.done.append(waiting.number)
            # An entry that was read while this bridge led is its own to put, even if the bridge was killed
            # before it made the event.
            _note(received, made, settled, owned=waiting.owned or self._leads())

    def _manager(self) -> Sessions | None:
        return Away() if self._sessions is not None and self._backoff.left else self._sessions

    def _away(self, error: ManagerUnavailable) -> None:
        if not self._backoff.left:
            logger.warning("The manager does not answer: sessions wait", extra={"reason": error.reason})
        self._backoff.failed()

    def _refuse(self, waiting: Waiting, reason: str, settled: Round) -> None:
        settled.memory.forget()
        settled.refused.append((waiting, reason))
        settled.counts["quarantined: entry"] += 1


def _decoded(waiting: Waiting) -> Decoded:
    try:
        return waiting.raw.decode()
    except Exception as error:  # noqa: BLE001 - it is raised again in its turn
        return error


def _whole(decoded: Decoded) -> ReceivedEntry:
    if isinstance(decoded, Exception):
        raise decoded
    return decoded


def _note(received: ReceivedEntry, made: Made, settled: Round, *, owned: bool) -> None:
    """Count the result, and add a line for ``tail``."""
    settled.events += [(event, owned) for event in made.events]
    settled.counts.update(f"{UNKNOWN_FIELD}{field}" for field in unknown_fields(received))
    if made.dropped is not None:
        settled.counts[f"dropped: {made.dropped}"] += 1
    for event in made.events:
        settled.counts[f"made: {event.detail_type}"] += 1
    settled.lines.append(
        {
            "came": received.came.isoformat(timespec="milliseconds"),
            "via": received.via,
            "name": received.name,
            "source": received.source,
            "dropped": made.dropped,
            "events": [
                {"type": event.detail_type, "id": event.event_id, "detail": event.detail}
                for event in made.events
            ],
        }
    )
