"""Backend.AI's side, for demos: a Valkey, a stand-in manager, and the bridge to a local stack's bus.

Everything ends with ``with``: nothing of it is left running, and each run begins with an empty spool.
"""

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from local.bridge_process import BridgeProcess, reading
from local.common import REGION, StackError
from local.manager import KEYPAIR, StandInManager
from local.receiver import Receiver
from local.stack import Stack
from local.valkey import Valkey
from local.waiting import until

TEMPLATE = '{"type": "{{ rule_type }}", "data": {{ data | tojson }}}'
HEALTHY_SECONDS = 30.0


@contextmanager
def bridged(stack: Stack) -> Iterator[tuple[Valkey, BridgeProcess]]:
    """Run a Valkey, and a bridge from it to the stack's bus.

    Raises:
        StackError: one of them does not start.
    """
    directory = stack.directory / "bridge"
    shutil.rmtree(directory, ignore_errors=True)
    with Valkey(directory / "valkey") as valkey, StandInManager() as manager:
        more = {
            "VALKEY__ADDR": f"127.0.0.1:{valkey.port}",
            "BUS__NAME": stack.outputs()["EventBusName"],
            "BUS__REGION": REGION,
            "MANAGER__ENDPOINT": manager.url,
            "MANAGER__ACCESS_KEY": KEYPAIR[0],
            "MANAGER__SECRET_KEY": KEYPAIR[1],
        }
        with BridgeProcess(directory, stack.ministack.url, more) as bridge:
            client = valkey.client()
            until(
                f"the bridge reads; its log is {bridge.log}",
                lambda: _reads(client, bridge),
                HEALTHY_SECONDS,
            )
            yield valkey, bridge


def subscribe(stack: Stack, url: str, name: str, rule_types: Sequence[str]) -> str:
    """Have events of these types sent to a URL, each with all its fields; return the channel's id."""
    api = stack.api()
    body = {"name": name, "spec": {"url": url}}
    channel_id = str(api.item("channel", "POST", "/notifications/channels", body)["id"])
    for rule_type in rule_types:
        rule = {"name": f"{name}: {rule_type}", "rule_type": rule_type, "channel_id": channel_id}
        api.call("POST", "/notifications/rules", {**rule, "message_template": TEMPLATE})
    return channel_id


def unsubscribe(stack: Stack, channel_id: str) -> None:
    """Delete a channel with its rules."""
    stack.api().call("DELETE", f"/notifications/channels/{channel_id}?force=true")


def by_type(receiver: Receiver) -> dict[str, list[Any]]:
    """Sort the webhooks that came by the type of their events; one that came twice is there once."""
    found: dict[str, list[Any]] = {}
    for request in {request.headers["webhook-id"]: request for request in receiver.at(None)}.values():
        message = json.loads(request.body)
        found.setdefault(message["type"], []).append(message["data"])
    return found


def all_put(bridge: BridgeProcess, count: int) -> dict[str, int]:
    """Wait until the bridge has read so many entries and put all that it makes of them; return its counters.

    Raises:
        StackError: it does not.
    """

    def is_done() -> bool:
        stats = bridge.stats()
        read = sum(stats["counters"].get(f"read: {via}", 0) for via in ("stream", "pubsub"))
        return read >= count and not any(stats["waiting"].get(what) for what in ("heard", "events"))

    until(f"all is read, made and put; the bridge's log is {bridge.log}", is_done)
    counters: dict[str, int] = bridge.stats()["counters"]
    return counters


def made_of(counters: Mapping[str, int], rule_type: str) -> int:
    """Return how many events of a type the bridge has made."""
    return counters.get(f"made: {rule_type}", 0)


def _reads(client: Any, bridge: BridgeProcess) -> bool:
    ended = bridge.process is not None and bridge.process.poll() is not None
    if ended:
        raise StackError(f"The bridge has ended; its log is {bridge.log}")
    return reading(client) and client.pubsub_numsub("events_all")[0][1] > 0
