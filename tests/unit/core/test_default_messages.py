"""What each built-in event type tells people by default, with the sample events of the project."""

import json

import pytest

from local.common import ROOT
from notifications.core import events, rendering
from notifications.core.composing import compose_message
from notifications.core.model import Event, EventType
from notifications.core.rule_types import BUILT_IN
from tests.samples.configuration import rule
from tests.samples.records import NOW

DOCUMENT = (ROOT / "docs" / "events.md").read_text()
TOLD = [kind for kind in BUILT_IN.values() if kind.fields]


@pytest.mark.parametrize("kind", TOLD, ids=lambda kind: kind.name)
def test_the_document_shows_it(kind: EventType) -> None:
    """docs/events.md has each type's message as it is for the sample event, with the fields beside it."""
    assert kind.message is not None
    file = ROOT / "events" / f"{kind.name.replace('.', '_').replace('-', '_')}.json"
    event = events.read(file.read_text())
    made = compose_message(rule(rule_type=kind.name), rendering.variables(event, kind), str)
    fields = ", ".join(f"`{name}`" for name in kind.message.fields)
    assert f"| `{kind.name}` | {made.level} | {made.title} | {made.text} | {fields} |" in DOCUMENT
    assert json.loads(file.read_text())["detail-type"] == kind.name


@pytest.mark.parametrize(
    ("count", "told"),
    [
        (1, ""),
        (2, "\n1 more delivery to Team could not be rendered either, of this rule or of others."),
        (3, "\n2 more deliveries to Team could not be rendered either, of this rule or of others."),
    ],
)
def test_rules_that_failed_together(count: int, told: str) -> None:
    """What tells of one rule's template says how many others failed, and does not count them as its own."""
    kind = BUILT_IN["notification.rule.render_failed"]
    data = dict(events.read((ROOT / "events" / "notification_rule_render_failed.json").read_text()).data)
    event = Event("e-1", kind.name, NOW, {**data, "channel_name": "Team", "count": count})
    made = compose_message(rule(rule_type=kind.name), rendering.variables(event, kind), str)
    assert made.text == (
        f"The template of Failed sessions failed on an event of type session.failed: {data['reason']}{told}"
    )
