"""What seven releases of Backend.AI wrote goes through a real Valkey and comes out on the bus as events."""

import json
from collections import Counter
from datetime import timedelta
from typing import Any

from backendai_notification_bridge.core.names import unwanted
from backendai_notification_bridge.manager.rows import session_of
from local.bridge_process import reading
from local.recordings import CHANNEL, add_command
from local.valkey import Valkey
from local.waiting import until
from tests.cloud.bus import Bus
from tests.integration.bridge.conftest import Bridges
from tests.integration.bridge.managers import manager
from tests.samples import bridge as made_up

ROW = {
    "name": "train-01",
    "type": "INTERACTIVE",
    "cluster_mode": "single-node",
    "status": "RUNNING",
    "status_info": None,
    "user_email": "ada@example.com",
    "status_history": '{"RUNNING": "2026-01-15T09:00:00+00:00"}',
}


def answer(variables: dict[str, str]) -> dict[str, Any]:
    """Know any session, alone and together with others."""
    if "id" in variables:
        return {"data": {"compute_session": {"id": variables["id"], **ROW}}}
    return {"data": {f"s{name[1:]}": {"id": asked, **ROW} for name, asked in variables.items()}}


class Cluster(made_up.Cluster):
    """The same sessions without HTTP."""

    def session(self, session_id: str) -> Any:
        """Return one."""
        return session_of({"id": session_id, **ROW})


def expected() -> Counter[str]:
    """Count the events by their types, as the core makes them of all recordings in order."""
    bridge = made_up.Bridge(Cluster())
    return Counter(
        event.detail_type
        for second, recording in enumerate(made_up.recordings())
        if recording.via != "key" and unwanted(recording.name, recording.via) is None
        for event in bridge.make(recording.received(made_up.CAME + timedelta(seconds=second))).events
    )


def test_all_releases_come_through(valkey: Valkey, bus: Bus, bridges: Bridges) -> None:
    """Stream and channel, both wire forms mixed; each event once, and session events with their context."""
    total = expected()
    assert total.total() > 60
    with manager((200, answer)) as api:
        settings = {"ENDPOINT": api.url, "ACCESS_KEY": "AKIAEXAMPLE", "SECRET_KEY": "secret"}
        bridge = bridges(valkey, **{f"MANAGER__{name}": value for name, value in settings.items()})
        bridge.start()
        until("it reads", lambda: reading(valkey.client()))
        client = valkey.client()
        for recording in made_up.recordings():
            if recording.via == "stream":
                client.execute_command(*add_command(recording.fields))
            elif recording.via == "pubsub":
                client.publish(CHANNEL, recording.message)
        until("all is put", lambda: len(bus.entries) >= total.total())
        until("nothing waits", lambda: not any(bridge.stats()["waiting"].values()))
        assert bridge.stop() == 0
    assert Counter(entry["DetailType"] for entry in bus.entries) == total
    assert len(set(bus.ids())) == total.total()
    for entry in bus.entries:
        if entry["DetailType"] in {"session.started", "session.terminated"}:
            assert json.loads(entry["Detail"])["context"]["user_email"] == "ada@example.com"
