"""What is told of an event is what becomes of it: simulated before, dispatched for real, explained after."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from random import Random
from typing import Any

import pytest

from local.receiver import Received, Receiver
from notifications.awsapi.client import Client
from notifications.core.conditions import Index
from notifications.core.matching import IndexedRules
from notifications.core.values import replace
from notifications.store.past import PRESENT
from tests.cloud import aws, values
from tests.cloud.gateway import call
from tests.cloud.pipeline import Pipeline, add_channel, add_rule, document, event
from tests.cloud.services import services
from tests.integration import random_rules

SETS = 300
TOGETHER = 10
"""How many events a dispatcher gets at once, from as many sets of rules, in tables of their own."""

READING = {"GetItem", "BatchGetItem", "Query", "GetSecretValue"}
STATUSES = {"fires": "delivered", "observes": "observed", "withheld": "skipped", "empty": "skipped"}
"""What a verdict's delivery comes to; of the others ``failed``, or there is none."""

COMPARED = ("rule_id", "verdict", "reason", "deciding", "message", "method", "url", "sha256", "channel_id")


@contextmanager
def calls() -> Iterator[set[str]]:
    """Note which operations are asked of AWS."""
    asked: set[str] = set()
    original = Client.call

    def noted(client: Client, operation: str, **parameters: Any) -> dict[str, Any]:
        asked.add(operation)
        return original(client, operation, **parameters)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Client, "call", noted)
        yield asked


def told(answer: Any) -> dict[str, Any]:
    """Return the verdicts by rule, with what is compared of them."""
    assert answer.status == 200, answer
    return {rule["rule_id"]: {name: rule[name] for name in COMPARED} for rule in answer.json["rules"]}


def simulated(kind: str, data: dict[str, Any], event_id: str) -> dict[str, Any]:
    """Simulate an event; nothing may be written meanwhile."""
    body = {"rule_type": kind, "notification_data": data, "event_id": event_id}
    with calls() as asked:
        answer = call("POST", "/notifications/simulations", body | {"timestamp": "2026-01-15T10:30:00Z"})
    assert asked <= READING
    return told(answer)


def explained(event_id: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Explain an event; return the verdicts, and the deliveries by rule."""
    with calls() as asked:
        answer = call("GET", f"/notifications/events/{event_id}/explanation?limit=1000")
    assert asked <= READING
    return told(answer), {rule["rule_id"]: rule["delivery"] for rule in answer.json["rules"]}


def check_delivery(verdict: dict[str, Any], delivery: dict[str, Any] | None, got: list[Received]) -> None:
    """Compare a verdict with the delivery's record, and with the bytes that the receiver got."""
    name = verdict["verdict"]
    if name == "unmet":
        assert (delivery, got) == (None, [])
        return
    assert delivery is not None
    assert delivery["status"] == STATUSES.get(name, "failed")
    if name in {"withheld", "empty", "failed"}:
        assert delivery["reason"] == verdict["reason"]
    assert [sha256(request.body).hexdigest() for request in got] == [verdict["sha256"]] * (name == "fires")


@pytest.mark.slow
@pytest.mark.usefixtures("cloud")
def test_simulated_dispatched_explained() -> None:
    """300 random sets of rules: what is simulated is what is sent, to the byte, and what is explained."""
    verdicts: set[str] = set()
    with Receiver() as receiver:
        for first in range(0, SETS, TOGETHER):
            aws.forget()
            aws.create()
            before: dict[str, dict[str, Any]] = {}
            documents = []
            for number in range(first, first + TOGETHER):
                random = Random(number)  # noqa: S311 - a seed, to repeat it
                kind = random_rules.event_type(number)
                channels = random_rules.channels(random, receiver.url)
                random_rules.rules(random, kind, channels)
                if random.random() < 0.3:
                    random_rules.remove_channel(channels[-1])
                data = random_rules.fields(random)
                seen = len(receiver.received)
                before[f"e-{number}"] = simulated(kind.name, data, f"e-{number}")
                assert len(receiver.received) == seen
                documents.append(random_rules.document(f"e-{number}", kind, data))
            seen = len(receiver.received)
            Pipeline().dispatch(*documents)
            sent = receiver.received[seen:]
            for event_id, simulation in before.items():
                explanation, deliveries = explained(event_id)
                assert explanation == simulation
                for rule_id, verdict in simulation.items():
                    wanted = f"{event_id}_{rule_id}"
                    got = [one for one in sent if one.headers["webhook-id"] == wanted]
                    check_delivery(verdict, deliveries[rule_id], got)
                    verdicts.add(verdict["verdict"])
    assert verdicts == {"fires", "observes", "unmet", "withheld", "empty", "failed"}


def test_all_ask_the_same_matching(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    """The dispatcher and all that tell of it reach the one matching, and through it the one index."""
    asked: list[str] = []

    def counted(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def called(*given: Any) -> Any:
            asked.append(name)
            return function(*given)

        return called

    monkeypatch.setattr(IndexedRules, "met", counted("met", IndexedRules.met))
    monkeypatch.setattr(Index, "try_all", counted("index", Index.try_all))
    rule = add_rule(add_channel("https://127.0.0.1:1/"), condition={"status": ["ERROR"]})
    data = document()["detail"]
    ways: dict[str, Callable[[], object]] = {
        "dispatch": lambda: pipeline.dispatch(document()),
        "explain": lambda: call("GET", "/notifications/events/e-1/explanation"),
        "simulate": lambda: call(
            "POST",
            "/notifications/simulations",
            {"rule_type": "session.started", "notification_data": data},
        ),
        "validate": lambda: call(
            "POST", f"/notifications/rules/{rule.id}/validate", {"notification_data": data}
        ),
    }
    since = {"since": "2026-01-01T00:00:00Z"}
    ways["backtest"] = lambda: call("POST", "/notifications/backtests", {"rule_id": rule.id, **since})
    ways["replay"] = lambda: call(
        "POST", f"/notifications/rules/{rule.id}/replay", {**since, "dry_run": True}
    )
    for name, way in ways.items():
        asked.clear()
        way()
        assert asked == ["met", "index"], name
    assert event().reason == "no condition met (0 of 1 rule)"


@pytest.mark.usefixtures("cloud")
def test_ten_thousand_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """A type with 10,000 rules is told page by page: each page is bounded, and each rule comes once."""
    channel = add_channel("https://127.0.0.1:1/")
    rule = add_rule(channel, message_template='{"text": "{{ session_id }}"}')
    many = [
        values.rule(channel, name=f"rule {number}", condition={"status": [f"S{number}"]})
        for number in range(10_000)
    ]
    present = services().past.routing("session.started", PRESENT)
    routing = replace(present.routing, rules=IndexedRules([rule, *many]))
    monkeypatch.setattr(services().past, "routing", lambda *_: replace(present, routing=routing))
    body = {"rule_type": "session.started", "notification_data": document()["detail"], "limit": 1_000}
    found: list[str] = []
    cursor = None
    for _ in range(11):
        answer = call("POST", "/notifications/simulations", {**body, "cursor": cursor})
        assert (answer.status, answer.json["total"]) == (200, 10_001)
        assert len(answer.text) < 4_500_000
        found += [one["rule_id"] for one in answer.json["rules"]]
        cursor = answer.json["next"]
    assert cursor is None
    assert sorted(found) == sorted([rule.id, *(one.id for one in many)])
