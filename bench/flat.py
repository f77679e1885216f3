"""What an event costs that matches few of many rules: it must not depend on how many there are."""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from unittest.mock import patch

from bench.fanning import channel, dispatch, rule
from bench.figure import Figure, ratios
from bench.quiet import quiet
from bench.sink import sink
from bench.tables import aws_client, endpoint, tables
from dispatcher.dispatch import Dispatcher
from local.common import Tell
from notifications.core import signatures
from notifications.core.model import Channel, Rule
from notifications.core.secrets import SigningSecret
from notifications.store.dynamodb import BATCH_WRITE_SIZE
from notifications.store.items import rule_item
from notifications.store.table import ConfigTable
from notifications.store.versions import Concern
from notifications.wiring import Services

FEW, MANY = 100, 10_000
MATCHING = 16
EVENTS = 20
"""Of each kind in a round."""

MAX_GROWTH = 1.15
MATCHED, UNMATCHED = "session.started", "session.terminated"
OTHERS = ("artifact.download.completed", "endpoint.lifecycle.changed")
"""Of these types are the rules that do not match."""


class Wrong(Exception):
    """An event that did not go where it must."""


@dataclass(frozen=True, slots=True)
class _Deployed:
    """A dispatcher, and the table that its rules are in."""

    dispatcher: Dispatcher
    table: ConfigTable

    def change(self) -> None:
        self.table.write(concern=Concern(event_types=frozenset({MATCHED})))

    def matched(self) -> None:
        self._dispatch(MATCHED, MATCHING)

    def unmatched(self) -> None:
        self._dispatch(UNMATCHED, 0)

    def _dispatch(self, rule_type: str, expected: int) -> None:
        report = dispatch(self.dispatcher, rule_type)
        delivered = sum(record.status == "delivered" for record in report.deliveries)
        if delivered != expected:
            raise Wrong(f"an event of {rule_type} came to {delivered} receivers, not {expected}")


def figures(rounds: int, tell: Tell) -> list[Figure]:
    """Measure so many rounds; in each, events take turns between a table with few rules and one with many.

    Raises:
        StackError: ministack, which holds the tables, does not start.
        Wrong: an event was not delivered where it must.
    """
    with endpoint(tell) as aws_url, sink() as receiver:
        tell(f"Storing {FEW:,} and {MANY:,} rules")
        with _deployed(aws_url, receiver.url, FEW) as few, _deployed(aws_url, receiver.url, MANY) as many:
            kinds: dict[str, list[tuple[float, float]]] = {"matched": [], "unmatched": [], "changed": []}
            for number in range(1, rounds + 1):
                tell(f"Events with {FEW:,} and with {MANY:,} rules, round {number} of {rounds}")
                with quiet():
                    kinds["matched"].append(_turns(few, many, _Deployed.matched))
                    kinds["unmatched"].append(_turns(few, many, _Deployed.unmatched))
                    kinds["changed"].append(_turns(few, many, _Deployed.matched, _Deployed.change))
    return [
        _figure(f"{MATCHING} of {MANY:,} rules match: CPU of an event", kinds["matched"], MAX_GROWTH),
        _figure(f"{MATCHING} of {MANY:,} match, right after a change", kinds["changed"], None),
        _figure(f"none of {MANY:,} rules matches: CPU of an event", kinds["unmatched"], None),
    ]


def _figure(name: str, measured: Sequence[tuple[float, float]], bound: float | None) -> Figure:
    few, many = [each for each, _ in measured], [each for _, each in measured]
    compared = Figure("", "", few)
    beside = f"{compared.value * 1_000:.2g} ms with {FEW} rules"
    return Figure(name, "times", ratios(many, few), bound=bound, compared_to=beside)


def _turns(
    few: _Deployed,
    many: _Deployed,
    event: Callable[[_Deployed], None],
    before: Callable[[_Deployed], None] = lambda _: None,
) -> tuple[float, float]:
    """Return the CPU seconds of an event with few rules and with many; ``before`` each is not counted."""
    spent = {few: 0.0, many: 0.0}
    for number in range(EVENTS + 1):
        for deployed in (few, many) if number % 2 else (many, few):
            before(deployed)
            began = time.process_time()
            event(deployed)
            if number:  # the first one warms up
                spent[deployed] += time.process_time() - began
    return spent[few] / EVENTS, spent[many] / EVENTS


@contextmanager
def _deployed(aws_url: str, sink_url: str, stored: int) -> Iterator[_Deployed]:
    """Have so many rules stored, and a dispatcher that reads them as its Lambda does."""
    with tables(aws_url), patch.dict(os.environ, _environment()):
        services = Services(dict(os.environ))
        channels = [channel(number, sink_url) for number in range(MATCHING)]
        for each in channels:
            secret = signatures.make_secret(os.urandom(signatures.SECRET_BYTES))
            services.channels.create(each, [SigningSecret(secret)])
        _store([_rule(number, channels[number % MATCHING]) for number in range(stored)])
        yield _Deployed(Dispatcher.of(services), services.config_table)


def _environment() -> dict[str, str]:
    return {
        "SECRETS_KEY": aws_client("kms").create_key()["KeyMetadata"]["KeyId"],
        "TARGET_NETWORKS": "127.0.0.0/8",
        "TARGET_HTTP": "true",
        "TARGET_PORTS": "any",
        # Nothing is put there: all is delivered.
        "DELIVERY_QUEUE_URL": "",
        "SLOW_QUEUE_URL": "",
        "EVENT_QUEUE_URL": "",
        "DEAD_LETTER_QUEUE_URL": "",
    }


def _rule(number: int, to: Channel) -> Rule:
    return rule(number, to, MATCHED if number < MATCHING else OTHERS[number % len(OTHERS)])


def _store(rules: Sequence[Rule]) -> None:
    """Write rules as their store does, but many at a time and without counting them."""
    client, name = aws_client("dynamodb"), os.environ["CONFIG_TABLE"]
    for start in range(0, len(rules), BATCH_WRITE_SIZE):
        portion = rules[start : start + BATCH_WRITE_SIZE]
        client.batch_write_item(
            RequestItems={name: [{"PutRequest": {"Item": rule_item(each)}} for each in portion]}
        )
