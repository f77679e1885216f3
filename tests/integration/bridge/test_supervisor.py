"""The parts together: what one's failure does, and what the health tells."""

import threading
from collections.abc import Callable, Sequence

import pytest

from backendai_notification_bridge.core.making import MakeOptions
from backendai_notification_bridge.putting.bus import Outcome
from backendai_notification_bridge.reading.connection import ValkeyEndpoint
from backendai_notification_bridge.running import again, bridge
from backendai_notification_bridge.running.bridge import Bridge, Plan
from backendai_notification_bridge.spool.rows import Outgoing
from backendai_notification_bridge.spool.spool import Spool
from local.valkey import Valkey
from local.waiting import until


class Taking:
    """A bus that takes everything."""

    def put(self, batch: Sequence[Outgoing]) -> Outcome:
        """Take it."""
        return Outcome(taken=list(batch))


def plan(spool: Spool, port: int) -> Plan:
    """Make a bridge of what a Valkey at a port says."""
    return Plan(
        ValkeyEndpoint(address=("127.0.0.1", port)), "new", spool, Taking(), None, MakeOptions(), None
    )


def ended(made: Bridge) -> Callable[[], bool]:
    """Run it in a thread; return what tells whether it has ended well, when it has."""
    results: list[bool] = []
    thread = threading.Thread(target=lambda: results.append(made.run()))
    thread.start()

    def wait() -> bool:
        thread.join(20)
        return results[0]

    return wait


def test_a_part_that_fails_ends_the_bridge(
    spool: Spool, valkey: Valkey, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever has started it starts it anew; half a bridge would look like a whole one."""
    made = Bridge(plan(spool, valkey.port))

    def fail(**_: bool) -> int:
        raise ValueError("a fault of this program")

    monkeypatch.setattr(made._standby, "look", fail)  # noqa: SLF001 - to have a part fail
    assert ended(made)() is False


def test_a_stop_ends_well(spool: Spool, valkey: Valkey) -> None:
    """Also at once after the start."""
    made = Bridge(plan(spool, valkey.port))
    made.stop()
    assert ended(made)() is True


def test_a_valkey_that_is_away_is_waited_for_and_told(
    spool: Spool, valkey: Valkey, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bridge starts without it; its health says what is silent, until it is there."""
    monkeypatch.setattr(bridge, "SILENT_SECONDS", 1.0)
    monkeypatch.setattr(again, "STEADY_SECONDS", 0.1)
    valkey.stop()
    made = Bridge(plan(spool, valkey.port))
    wait = ended(made)
    until("it is told", lambda: len(made.problems()) == 3)
    assert made.problems()[0].startswith("Valkey: nothing of the stream for ")
    valkey.start()
    until("all is well", lambda: made.problems() == [])
    made.stop()
    assert wait() is True
