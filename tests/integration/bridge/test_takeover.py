"""What a standby has kept is its own as soon as it leads."""

import threading
from collections.abc import Iterator

import pytest

from backendai_notification_bridge.core.making import MakeOptions
from backendai_notification_bridge.putting.eventbridge import event_bridge
from backendai_notification_bridge.reading.connection import ValkeyEndpoint
from backendai_notification_bridge.reading.leader import KEY
from backendai_notification_bridge.running import bridge as module
from backendai_notification_bridge.running.bridge import Bridge, Plan
from backendai_notification_bridge.spool.spool import Spool
from local.bridge_process import entry
from local.recordings import burst
from local.valkey import Valkey
from local.waiting import until
from tests.cloud.bus import Bus

LOCK_DATABASE = 15


@pytest.fixture
def standby(valkey: Valkey, bus: Bus, spool: Spool, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bridge]:
    """Run a bridge whose periodic work never comes, while another one leads."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setattr(module, "KEEP_SECONDS", 3_600.0)
    valkey.client(LOCK_DATABASE).set(KEY, "another bridge")
    endpoint = ValkeyEndpoint(address=("127.0.0.1", valkey.port), lock_database=LOCK_DATABASE)
    to = event_bridge("bus", "us-east-1", bus.url)
    made = Bridge(Plan(endpoint, "oldest", spool, to, None, MakeOptions(), None))
    thread = threading.Thread(target=made.run)
    thread.start()
    yield made
    made.stop()
    thread.join()


@pytest.mark.usefixtures("standby")
def test_it_puts_what_it_has_kept_without_waiting(valkey: Valkey, bus: Bus, spool: Spool) -> None:
    """It does so once it leads, before its periodic work: it may be killed before that comes."""
    burst(valkey.client(), [entry(number) for number in range(20)])
    until("all is made and kept", lambda: spool.totals()["events"].count == 20)
    assert bus.entries == []
    valkey.client(LOCK_DATABASE).delete(KEY)
    until("all is put", lambda: len(bus.entries) == 20)
