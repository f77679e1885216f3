"""Whatever comes as an event has a record in the end."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatcher import portions as module
from dispatcher.configuration import Configuration
from dispatcher.plan import Plan, make_plan
from dispatcher.portions import Portion, portions
from notifications.core.event_records import ended
from notifications.core.incoming import MAX_DOCUMENT_BYTES, read
from notifications.core.matching import IndexedRules
from notifications.core.model import Channel
from notifications.core.records import MAX_REASON_CHARS
from notifications.core.routing import Routing
from notifications.core.rule_types import BUILT_IN
from notifications.core.secrets import Secrets
from notifications.store.record_items import event_item
from notifications.store.vault import Vault
from tests.samples.configuration import STARTED, TIMESTAMP, channel, rule

text = st.text(st.characters())  # with halves of characters, which JSON can spell
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3),
    max_leaves=8,
)
documents = st.fixed_dictionaries(
    {},
    optional={
        "id": st.just("e-1") | values,
        "source": st.just("backend.ai") | values,
        "detail-type": st.sampled_from(["session.started", "notification_triggered"]) | values,
        "time": st.just("2026-01-15T10:30:00Z") | st.datetimes().map(str) | values,
        "detail": values
        | st.builds(lambda more: STARTED | more, st.dictionaries(text, values, max_size=2))
        | st.builds(
            lambda data, at: {"rule_type": "session.started", "timestamp": at, "notification_data": data},
            st.just(STARTED) | values,
            st.datetimes().map(str) | values,
        ),
    },
)


class OneRule:
    """A configuration with one rule for started sessions."""

    def decided_at(self, routing: Routing) -> str:
        """Be of one time."""
        return routing.as_of or TIMESTAMP

    def routing(self, rule_type: str) -> Routing:
        """Know one type."""
        if rule_type != "session.started":
            return Routing(None, IndexedRules(()), {})
        on = channel()
        return Routing(BUILT_IN[rule_type], IndexedRules([rule(message_template="{{ data }}")]), {on.id: on})


class NoSecrets:
    """Stands for a vault in which no channel has anything."""

    def prepare(self, channels: Iterable[Channel]) -> None:
        """Need nothing."""

    def secrets(self, _channel: Channel) -> Secrets:
        """Have nothing."""
        return Secrets()


VAULT = cast(Vault, NoSecrets())


def planned(body: str) -> Plan:
    """Plan a document that came as text."""
    return make_plan(cast(Configuration, OneRule()), VAULT, read(body, "message-1"))


def rendered(plan: Plan) -> Portion:
    """Render all of a plan, which is little."""
    (portion,) = portions(VAULT, [plan])
    return portion


@given(documents)
def test_every_document_has_a_record(document: dict[str, Any]) -> None:
    """An event of any shape is planned or refused with a short reason, and its record can be kept."""
    body = json.dumps(document)
    plan = planned(body)
    record = ended(plan.event, datetime.now(UTC), plan.status, plan.reason)
    assert (record.status == "refused") == (record.reason is not None)
    assert len(record.reason or "") <= MAX_REASON_CHARS
    assert record.document == body
    assert json.dumps(event_item(record, 1, 4), ensure_ascii=False).encode()
    portion = rendered(plan)
    assert len(portion.outgoing) + len(portion.ended) == (record.status == "dispatched")
    for delivery in portion.ended:
        assert delivery.reason
        delivery.reason.encode()


def test_a_document_that_is_too_large_is_cut() -> None:
    """Of an event that no item can hold the beginning is kept, in whole characters."""
    body = json.dumps({"detail": "세" * MAX_DOCUMENT_BYTES}, ensure_ascii=False)
    plan = planned(body)
    kept = plan.event.document or ""
    assert len(kept.encode()) in range(MAX_DOCUMENT_BYTES - 3, MAX_DOCUMENT_BYTES + 1)
    assert body.startswith(kept)


SLOW_RULES = 40
DOCUMENT = {
    "id": "e",
    "source": "backend.ai",
    "detail-type": "session.started",
    "time": "2026-01-15T10:30:00Z",
    "detail": STARTED,
}


class ManyRules(OneRule):
    """Stands for a configuration with many slow rules before a good one."""

    def routing(self, rule_type: str) -> Routing:
        """Route to all of them."""
        on = channel()
        slow = "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}"
        rules = [rule(id=f"slow-{n}", message_template=slow + " " * n) for n in range(SLOW_RULES)]
        good = rule(id="good", message_template='"{{ session_id }}"')
        return Routing(BUILT_IN[rule_type], IndexedRules([*rules, good]), {on.id: on})


def test_slow_templates_keep_no_good_one_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """A good template behind many slow ones is rendered before them; each of them fails for itself."""
    monkeypatch.setattr(module, "FREE_EVENT_SECONDS", 0.0)
    monkeypatch.setattr(module, "PORTION_SECONDS", 0.2)
    plan = make_plan(cast(Configuration, ManyRules()), VAULT, read(json.dumps(DOCUMENT), "m-1"))
    found = list(portions(VAULT, [plan]))
    assert [item.record.rule_id for item in found[0].outgoing] == ["good"]
    assert found[0].ended == []
    assert [portion.completed for portion in found[:-1]] == [[]] * (len(found) - 1)
    ended = [record for portion in found for record in portion.ended]
    assert len(ended) == SLOW_RULES
    assert {record.error_class for record in ended} == {"render"}
    assert all("too much" in (record.reason or "") for record in ended)


def test_slow_templates_make_small_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between slow templates it is asked, again and again, whether there is time for more of them."""
    monkeypatch.setattr(module, "FREE_EVENT_SECONDS", 0.0)
    monkeypatch.setattr(module, "PORTION_SECONDS", 0.0)
    plan = make_plan(cast(Configuration, ManyRules()), VAULT, read(json.dumps(DOCUMENT), "m-1"))
    found = list(portions(VAULT, [plan]))
    assert len(found) > SLOW_RULES
    assert found[-1].completed == [plan]
