"""Show the bridge at work: recordings of Backend.AI go through a Valkey, and webhooks arrive."""

import base64
import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

from local.bridged import all_put, bridged, by_type, made_of, subscribe, unsubscribe
from local.command import on_stack, run, tell
from local.common import StackError
from local.receiver import Receiver
from local.recordings import CHANNEL, Recording, add_command, recordings
from local.stack import Stack

NAME = "Bridge demo"
SUBSCRIBED = (
    "session.started",
    "session.terminated",
    "session.failed",
    "session.succeeded",
    "session.idle-reclaimed",
    "artifact.download.completed",
    "endpoint.lifecycle.changed",
    "agent.started",
    "agent.lost",
    "agent.error",
    "bgtask.done",
    "bgtask.failed",
    "image.pull.failed",
    "model.import.done",
)
"""What the recordings have at least one event of each."""

SHOWN = "session.failed"
_UUID = re.compile(rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_NAMES = re.compile(rb"i-agent01|example-model")


def main() -> int:
    """Play it; return 0 only if webhooks of every type arrived."""

    def shown(stack: Stack) -> None:
        play(stack)
        print(NEXT)

    return on_stack("bridge_demo", shown)


def play(stack: Stack) -> None:
    """Replay the recordings, and show what arrives.

    Raises:
        StackError, TimeoutError: an event that was made is not delivered.
    """
    with Receiver() as receiver:
        channel_id = subscribe(stack, receiver.url, NAME, SUBSCRIBED)
        try:
            with bridged(stack) as (valkey, bridge):
                replayed = _replay(valkey.client())
                for release, count in replayed.items():
                    named = "main of 2026-08" if release == "HEAD" else release
                    tell(f"Backend.AI {named}: {count} recorded entries and messages")
                counters = all_put(bridge, sum(replayed.values()))
                receiver.wait_for(sum(made_of(counters, rule_type) for rule_type in SUBSCRIBED))
                arrived = by_type(receiver)
        finally:
            unsubscribe(stack, channel_id)
    _show(arrived, counters)


def _replay(client: Any) -> Mapping[str, int]:
    """Play all recordings as entries of a stream and messages on a channel, in their order."""
    played: Counter[str] = Counter()
    run_mark = str(uuid4())
    for recording in recordings():
        mark = f"{run_mark} {recording.release}"
        if recording.via == "stream":
            client.execute_command(*add_command(fresh_fields(recording, mark)))
        elif recording.via == "pubsub":
            client.publish(CHANNEL, fresh_message(recording.message, mark))
        else:  # the value of a cache key, which only a bridge that was away asks for
            continue
        played[recording.release] += 1
    return played


def fresh_fields(recording: Recording, mark: str) -> dict[bytes, bytes]:
    """Return an entry about other sessions, agents and models: what was told once is not told again."""
    return {name: _fresh(value, mark) for name, value in recording.fields.items()}


def fresh_message(message: bytes, mark: str) -> bytes:
    """Return a published message about others. Up to 26.8 its body is in base64."""
    document = json.loads(message)
    if "args" in document:
        document["args"] = base64.b64encode(_fresh(base64.b64decode(document["args"]), mark)).decode()
    return _fresh(json.dumps(document).encode(), mark)


def _fresh(text: bytes, mark: str) -> bytes:
    """Put other names into a text, or into msgpack, where only the length must stay."""

    def other(found: re.Match[bytes]) -> bytes:
        return str(_other(found[0].decode(), mark)).encode()

    def renamed(found: re.Match[bytes]) -> bytes:
        made = _other(found[0].decode(), mark).hex
        return found[0][:2] + made.encode()[: len(found[0]) - 2]

    return _NAMES.sub(renamed, _UUID.sub(other, text))


def _other(name: str, mark: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"{mark} {name}")


def _show(arrived: Mapping[str, Sequence[Any]], counters: Mapping[str, int]) -> None:
    """Show what came.

    Raises:
        StackError: of a type not as many webhooks came as the bridge has made events.
    """
    print("\nWebhooks that arrived:")
    for rule_type in SUBSCRIBED:
        came, made = len(arrived.get(rule_type, ())), made_of(counters, rule_type)
        print(f"  {rule_type:<28} {came:>3}")
        if came != made or not came:
            raise StackError(f"{rule_type}: the bridge made {made} events, {came} webhooks arrived")
    print(f"\nOne of {SHOWN}:\n{json.dumps(arrived[SHOWN][0], indent=2)}")
    print("\nWhat the bridge counted (`backendai-notification-bridge stats` shows it of a running one):")
    for name, count in counters.items():
        print(f"  {name:<44} {count:>6}")


NEXT = """
Valkey, the stand-in manager and the bridge have ended; the stack goes on running. What to try next:

What became of the events:
  ./backend.ai notification event list --since 10m
Backend.AI's own code as the producer, releases 26.8 and 26.9 (needs Python 3.13):
  make stock-events
A bridge beside your own cluster: docs/bridge.md"""


if __name__ == "__main__":
    run(main)
