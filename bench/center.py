"""Measure Backend.AI's own notification service with one event that goes to many receivers.

Runs where Backend.AI is installed, in .venv-center, and imports nothing of ours. Its rules come from memory
instead of its database; all else is its own code. Prints one line of JSON: how many deliveries were made of
one warm event, in how many seconds, with how many seconds of this process's CPU.
"""

import argparse
import asyncio
import json
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID, uuid4

from ai.backend.common.data.notification import NotificationChannelType, NotificationRuleType
from ai.backend.common.data.notification.messages import SessionStartedMessage
from ai.backend.common.data.notification.types import WebhookSpec
from ai.backend.manager.data.notification.types import NotificationChannelData, NotificationRuleData
from ai.backend.manager.notification.notification_center import NotificationCenter
from ai.backend.manager.services.notification.actions import ProcessNotificationAction
from ai.backend.manager.services.notification.service import NotificationService

NOW = datetime.now(UTC)
NOBODY = UUID(int=0)


class Memory:
    """Has the rules. Stands for the repository, of which the service asks only this."""

    def __init__(self, rules: Sequence[NotificationRuleData]) -> None:
        self._rules = rules

    async def get_matching_rules(
        self,
        rule_type: NotificationRuleType,  # noqa: ARG002
        enabled_only: bool = True,  # noqa: ARG002, FBT001, FBT002 - as it is called
    ) -> Sequence[NotificationRuleData]:
        """Read them."""
        return self._rules


def rule(number: int, url: str) -> NotificationRuleData:
    """Make a rule with a template and a channel of its own, as bench/fanning.py does."""
    channel = NotificationChannelData(
        id=uuid4(),
        name=f"channel {number}",
        description=None,
        channel_type=NotificationChannelType.WEBHOOK,
        spec=WebhookSpec(url=url),
        enabled=True,
        created_by=NOBODY,
        created_at=NOW,
        updated_at=NOW,
    )
    template = (
        f'{{"rule": {number}, "text": "Session {{{{ session_name or session_id }}}} is {{{{ status }}}}", '
        '"id": "{{ session_id }}", "at": "{{ timestamp.isoformat() }}"}'
    )
    return NotificationRuleData(
        id=uuid4(),
        name=f"rule {number}",
        description=None,
        rule_type=NotificationRuleType.SESSION_STARTED,
        channel=channel,
        message_template=template,
        enabled=True,
        created_by=NOBODY,
        created_at=NOW,
        updated_at=NOW,
    )


async def measured(rules: int, url: str) -> dict[str, float]:
    """Send a warm event to so many rules."""
    center = NotificationCenter()
    service = NotificationService(Memory([rule(number, url) for number in range(rules)]), center)
    try:
        await dispatch(service)
        began, cpu_began = time.perf_counter(), time.process_time()
        delivered = await dispatch(service)
        cpu, seconds = time.process_time() - cpu_began, time.perf_counter() - began
    finally:
        await center.close()
    return {"deliveries": delivered, "seconds": round(seconds, 6), "cpu_seconds": round(cpu, 6)}


async def dispatch(service: NotificationService) -> int:
    """Have an event dispatched; count what was delivered."""
    message = SessionStartedMessage(
        session_id="0d9a6f1c-41cf-4a5e-9d3b-0b6b9a0f7a55",
        session_name="training",
        session_type="batch",
        cluster_mode="single-node",
        status="RUNNING",
    )
    action = ProcessNotificationAction(NotificationRuleType.SESSION_STARTED, datetime.now(UTC), message)
    result = await service.process_notification(action)
    return len(result.successes)


def main() -> None:
    """Run as a command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rules", type=int, required=True, metavar="N", help="how many the event matches")
    parser.add_argument("--sink", required=True, metavar="URL", help="where all webhooks go")
    options = parser.parse_args()
    print(json.dumps(asyncio.run(measured(options.rules, options.sink))))


if __name__ == "__main__":
    main()
