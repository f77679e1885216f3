"""What the dispatcher sends to the eight services arrives there as it was composed, and is taken."""

from collections.abc import Mapping
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings

from notifications.core.model import EventType, PresetName, WebhookSpec
from notifications.core.presets import PRESETS
from notifications.core.rule_types.stock import STOCK
from notifications.core.samples import sample
from tests.cloud.pipeline import Pipeline, add_channel, add_rule, delivery, document
from tests.receivers.serving import Services
from tests.samples.hostile_events import events

KEY = "0123456789abcdef0123456789abcdef"
TOGETHER = 10
"""How many events a dispatcher gets at once."""
RANDOM_EVENTS = 30


def urls(services: Services) -> Mapping[PresetName, str]:
    """Return each preset's URL of a channel."""
    more = {"telegram": f"{services.url_of('telegram')}?chat_id=-1001", "ntfy": f"{services.url}/a_topic"}
    return {name: more.get(name, services.url_of(name)) for name in PRESETS}


def dispatched(pipeline: Pipeline, kinds: list[tuple[EventType, dict[str, Any]]]) -> None:
    """Dispatch events to a rule on each service: all messages arrive, once each, and are taken."""
    with Services(clock=None) as services:
        channels = {
            name: add_channel(
                url,
                id=f"channel-{name}",
                rate="none",
                spec=WebhookSpec(url, preset=name, routing_key=KEY if name == "pagerduty" else None),
            )
            for name, url in urls(services).items()
        }
        rules = {
            (kind.name, name): add_rule(channel, kind, name=f"{kind.name} {name}", message_template="")
            for kind in {kind.name: kind for kind, _ in kinds}.values()
            for name, channel in channels.items()
        }
        documents = [
            document(f"e-{at}", data, **{"detail-type": kind.name}) for at, (kind, data) in enumerate(kinds)
        ]
        for at in range(0, len(documents), TOGETHER):
            pipeline.dispatch(*documents[at : at + TOGETHER])
        for at, (kind, _) in enumerate(kinds):
            for name in PRESETS:
                record = delivery(rules[kind.name, name], f"e-{at}")
                assert record.status == "delivered", (name, record.reason)
        for name in PRESETS:
            assert [answer.lost for answer in services.answers[name]] == [None] * len(kinds), name
            assert len({seen.text for seen in services.seen(name)}) == len(kinds)
            assert not [seen.mentions for seen in services.seen(name) if seen.mentions]


def test_messages_taken(pipeline: Pipeline) -> None:
    """Samples, and random events with hostile texts of up to 200 KiB, go to all services and are taken."""
    drawn: list[tuple[EventType, dict[str, Any]]] = []

    @settings(
        max_examples=RANDOM_EVENTS,
        phases=[Phase.generate],
        suppress_health_check=[*HealthCheck],
        database=None,
    )
    @given(events([*STOCK.values()]))
    def draw(made: tuple[EventType, dict[str, Any], dict[str, Any]]) -> None:
        drawn.append(made[:2])

    draw()
    assert len(drawn) == RANDOM_EVENTS
    dispatched(pipeline, [*((kind, sample(kind)) for kind in STOCK.values()), *drawn])
