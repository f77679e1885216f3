"""What the store writes of the configuration, it reads as it was."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from notifications.core.kinds import KINDS
from notifications.core.managing import Managed
from notifications.core.model import Channel, EmailSpec, EventType, Rule, WebhookSpec
from notifications.store import items

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)
TEXT = st.text(min_size=1)
TEXTS = st.lists(st.text(), max_size=3).map(tuple)
NAMED: dict[str, Any] = {
    "name": TEXT,
    "description": st.none() | st.text(),
    **dict.fromkeys(("created_at", "created_by", "updated_at"), TEXT),
    "managed": st.none() | st.builds(Managed, TEXT, TEXT),
}
RETRIES = st.sampled_from(["standard", "fast", "none"]) | st.lists(st.integers(1)).map(tuple)
SPECS = st.builds(WebhookSpec, headers=st.dictionaries(st.text(), st.text())) | st.builds(
    EmailSpec, to_emails=TEXTS, allowed_domains=TEXTS
)
CHANNELS = st.builds(
    Channel,
    id=TEXT,
    spec=SPECS,
    enabled=st.booleans(),
    retry=RETRIES,
    sealed=st.binary(),
    **NAMED,
)
RULES = st.builds(Rule, id=TEXT, enabled=st.booleans(), **NAMED)
EVENT_TYPES = st.builds(
    EventType,
    json_schema=st.dictionaries(st.text(), JSON),
    built_in=st.just(False),
    added=st.just(frozenset()),
    message=st.none(),
    **NAMED,
)


@given(CHANNELS)
def test_channels(channel: Channel) -> None:
    """A channel comes back as it was, with its sealed secrets."""
    read = items.channel_from(items.channel_item(channel))
    assert read == channel
    assert read.sealed == channel.sealed


@given(RULES)
def test_rules(rule: Rule) -> None:
    """A rule comes back as it was."""
    assert items.rule_from(items.rule_item(rule)) == rule


@given(EVENT_TYPES)
def test_event_types(event_type: EventType) -> None:
    """A custom event type comes back as it was, floats and order of its schema included."""
    read = items.event_type_from(items.event_type_item(event_type))
    assert read == event_type
    assert items.schema_text(read.json_schema) == items.schema_text(event_type.json_schema)


def test_a_spec_of_a_former_release() -> None:
    """A webhook's spec that was stored before there were presets is that of a channel without one."""
    spec = KINDS["webhook"].read_spec({"url": "https://example.com/", "success_status_codes": [200, 204]})
    assert (spec.preset, spec.routing_key, spec.success_status_codes) == (None, None, (200, 204))
