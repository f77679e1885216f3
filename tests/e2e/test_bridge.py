"""From Backend.AI's own recordings to webhooks: Valkey, the bridge, the bus, and all behind it."""

import pytest

from local import bridge_demo
from local.stack import Stack


def test_every_event_that_the_bridge_makes_becomes_a_webhook(
    stack: Stack, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of what seven releases wrote, each event that the bridge makes arrives, of every type, and once."""
    bridge_demo.play(stack)
    shown = capsys.readouterr().out
    assert all(rule_type in shown for rule_type in bridge_demo.SUBSCRIBED)
    assert '"user_email": "kim@example.com"' in shown
