"""Let Backend.AI's own code publish events into a Valkey, and see that webhooks come of them."""

import subprocess
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from local.bridged import all_put, bridged, by_type, subscribe, unsubscribe
from local.command import for_releases, run
from local.common import ROOT, StackError
from local.receiver import Receiver
from local.stack import Stack

PUBLISHER = ROOT / "tools" / "stock" / "publish.py"
PUBLISHED = 17
"""How many entries and messages it publishes."""

LIMIT_SECONDS = 120.0
WANTED = {
    "artifact.download.completed": ("artifact_id", "{}"),
    "session.started": ("session_id", "{}"),
    "session.terminated": ("session_id", "{}"),
    "session.failed": ("session_id", "{}"),
    "bgtask.failed": ("task_id", "{}"),
    "session.idle-reclaimed": ("session_id", "{}"),
    "agent.started": ("agent_id", "i-{}"),
    "agent.error": ("message", "made up by {}"),
    "agent.lost": ("agent_id", "i-{}"),
    "image.pull.failed": ("image", "registry.example/{}"),
    "vfolder.clone.failed": ("message", "no room for {}"),
    "model.import.done": ("model_id", "org/{}"),
}
"""What comes of what is published, once each, and the field that has the run's mark."""


def main() -> int:
    """Publish with each release; return 0 only if each event became one webhook."""
    return for_releases("stock_events", "Backend.AI's producers", _try)


def _try(stack: Stack, release: str) -> None:
    mark = str(uuid4())
    with Receiver() as receiver:
        channel_id = subscribe(stack, receiver.url, f"Stock events {release}", [*WANTED])
        try:
            with bridged(stack) as (valkey, bridge):
                python = ROOT / f".venv-stock-client-{release}" / "bin" / "python"
                subprocess.run(
                    [python, PUBLISHER, str(valkey.port), mark],
                    check=True,
                    capture_output=True,
                    text=True,
                    timeout=LIMIT_SECONDS,
                )
                all_put(bridge, PUBLISHED)
                receiver.wait_for(len(WANTED))
                arrived = by_type(receiver)
        finally:
            unsubscribe(stack, channel_id)
    _check(arrived, mark)


def _check(arrived: dict[str, list[Any]], mark: str) -> None:
    for rule_type, (field, form) in WANTED.items():
        came = arrived.get(rule_type, [])
        if [data[field] for data in came] != [form.format(mark)]:
            raise StackError(f"{rule_type}: {len(came)} webhooks came, one was to: {came}")
        print(f"  {rule_type}: {_told(rule_type, came)}")


def _told(rule_type: str, came: Sequence[Any]) -> str:
    (data,) = came
    context = data.get("context") or {}
    known = [data.get("session_name"), data.get("termination_reason"), context.get("user_email")]
    return ", ".join(["1 webhook", *(str(one) for one in known if one and rule_type.startswith("session."))])


if __name__ == "__main__":
    run(main)
