"""The configuration as it was at any time."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notifications.core.errors import NotificationError
from notifications.core.model import Channel, Rule, WebhookSpec
from notifications.core.mutes import Mute
from notifications.core.routing import Routing
from notifications.core.rule_types import BUILT_IN
from notifications.store import keys
from notifications.store.past import AsOf
from notifications.store.table import ConfigTable
from tests.cloud import aws, values
from tests.cloud.services import services
from tests.integration.configured import CUSTOM, opened
from tests.integration.revisions import ANN
from tests.samples import configuration as samples

KINDS = ("session.started", CUSTOM.name)
WEEKLY = "sat,sun 00:00-24:00 Asia/Seoul"
BEFORE_ALL = "2000-01-01T00:00:00.000000Z"

changes = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "rule",
                "disable",
                "template",
                "delete",
                "channel",
                "channel off",
                "spec",
                "force",
                "type",
                "schema",
                "forget",
                "mute",
                "end",
            ]
        ),
        st.integers(0, 3),
        st.sampled_from(KINDS),
    ),
    min_size=1,
    max_size=8,
)

FIRST = [
    ("type", 0, KINDS[1]),
    ("channel", 0, KINDS[0]),
    ("mute", 0, KINDS[0]),
    ("rule", 0, KINDS[0]),
    ("rule", 0, KINDS[1]),
]


def now(name: str) -> Routing:
    """Read the present routing, as the dispatcher does."""
    configuration = opened()
    configuration.refresh()
    return configuration.routing(name)


def told(routing: Routing) -> Any:
    """Write a routing as what can be compared, whatever the order of its rules."""
    rules = sorted(routing.rules, key=lambda rule: rule.id)
    used = {rule.channel_id for rule in rules}
    # One that has ended mutes nothing: a dispatcher may have dropped it.
    mutes = sorted((mute for mute in routing.mutes if mute.ended_at is None), key=lambda mute: mute.id)
    channels = {name: each for name, each in routing.channels.items() if name in used}
    return routing.event_type, rules, channels, mutes


@given(changes)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_past_is_what_was(cloud: None, done: list[tuple[str, int, str]]) -> None:  # noqa: ARG001
    """After any changes, the routing as of each time between them is what the dispatcher read then."""
    aws.forget()
    aws.create()
    play, seen = Play(), list[tuple[str, dict[str, Any]]]()
    for what, number, name in [*FIRST, *done]:
        play.do(what, number, name)
        seen.append((play.clock, {each: told(now(each)) for each in KINDS}))
        play.tick()
    assert all(seen[len(FIRST) - 1][1][each][1] for each in KINDS)
    for at, expected in seen:
        for each in KINDS:
            found = services().past.routing(each, at)
            assert (told(found.routing), found.unknown) == (expected[each], ()), (at, each)
    for each in KINDS:
        empty = services().past.routing(each, BEFORE_ALL)
        assert (list(empty.routing.rules), empty.unknown) == ([], ())


class Play:
    """Change the configuration at given times."""

    def __init__(self) -> None:
        self._seconds = 0
        self._channels: list[Channel] = []
        self._rules: list[Rule] = []
        self._mutes: list[Mute] = []

    @property
    def clock(self) -> str:
        """The time of the next change."""
        return f"2026-01-01T00:00:{self._seconds:02}.000000Z"

    def tick(self) -> None:
        """Let time go on."""
        self._seconds += 1

    def do(self, what: str, number: int, name: str) -> None:
        """Make a change, if it can be made."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("notifications.store.revising.now", lambda: self.clock)
            try:
                self._write(what, number, name)
            except NotificationError:
                return

    def _write(self, what: str, number: int, name: str) -> None:  # noqa: C901 - a line for each change
        stamp: dict[str, Any] = {"updated_at": self.clock}
        made: dict[str, Any] = {"created_at": self.clock, "updated_at": self.clock}
        kind = services().event_types.get(name) if name in BUILT_IN or what != "type" else None
        to = self._channels[number % len(self._channels)] if self._channels else None
        picked = self._rules[number % len(self._rules)] if self._rules else None
        match what:
            case "type":
                services().event_types.create(replace(CUSTOM, **made))
            case "schema":
                writes = services().event_types.rule_writes(CUSTOM.name)
                schema = {"type": "object", "title": str(number)}
                services().event_types.update(CUSTOM.name, {"json_schema": schema, **stamp}, writes)
            case "forget":
                services().event_types.delete(CUSTOM.name)
            case "mute":
                about = {} if number else {"rule_type": name}
                mute = samples.mute(id=str(uuid4()), until=None, weekly=(WEEKLY,), **about, **made)
                services().mutes.create(mute)
                self._mutes.append(mute)
            case "end" if self._mutes:
                services().mutes.end(self._mutes[number % len(self._mutes)].id, ANN)
            case "channel":
                self._channels.append(values.channel(name=f"channel {number}", **made))
                services().channels.create(self._channels[-1])
            case "rule" if to and kind:
                rule = values.rule(to, rule_type=name, **made)
                services().rules.create(rule, kind)
                self._rules.append(rule)
            case "channel off" if to:
                services().channels.update(to.id, {"enabled": number < 2, **stamp})
            case "spec" if to:
                services().channels.update(
                    to.id, {"spec": WebhookSpec(f"https://example.com/{number}"), **stamp}
                )
            case "force" if to:
                services().channels.delete(to.id, with_rules=True)
                self._channels.remove(to)
                self._rules = [each for each in self._rules if each.channel_id != to.id]
            case "delete" if picked:
                services().rules.delete(picked.id)
                self._rules.remove(picked)
            case "disable" | "template" if picked and kind:
                part = (
                    {"enabled": number % 2 == 0} if what == "disable" else {"message_template": str(number)}
                )
                services().rules.update(picked, part | stamp, services().event_types.get(picked.rule_type))


def as_left_by_a_former_release(key: dict[str, Any]) -> None:
    """Take from a live item and from the log what only this release writes."""
    table = aws.client("dynamodb")
    table.update_item(TableName="config", Key=key, UpdateExpression="REMOVE revision")
    kind, identity = key["pk"]["S"], key["sk"]["S"]
    for number in range(1, 4):
        table.delete_item(TableName="config", Key=keys.revision(kind, identity, number))


@pytest.mark.usefixtures("cloud")
def test_what_a_former_release_left() -> None:
    """Its state is known from its last change on, before that it is said to be unknown.

    Before its creation it did not exist.
    """
    to = values.channel(created_at="2026-01-01", updated_at="2026-01-01")
    services().channels.create(to)
    rule = values.rule(to, name="old", created_at="2026-01-02", updated_at="2026-01-04")
    services().rules.create(rule, BUILT_IN[rule.rule_type])
    as_left_by_a_former_release(keys.channel(to.id))
    as_left_by_a_former_release(keys.rule(rule.id))
    for changed in (False, True):
        if changed:
            changes = {"name": "new", "updated_at": "2026-01-06"}
            services().rules.update(rule, changes, BUILT_IN[rule.rule_type])
            assert [each.name for each in as_of("2026-01-06").routing.rules] == ["new"]
        assert list(as_of("2026-01-01").routing.rules) == []
        for day, unknown in (("2026-01-03", (f"rule {rule.id}",)), ("2026-01-05", ())):
            found = as_of(day)
            assert (list(found.routing.rules), found.unknown) == ([rule], unknown)
            assert found.routing.channels == {to.id: to}
    assert as_of("2026-01-05").revisions == {rule.id: 1}
    services().rules.delete(rule.id)
    assert [each.name for each in as_of("2026-01-06").routing.rules] == ["new"]


def as_of(at: str) -> AsOf:
    """Read the routing of session.started."""
    return services().past.routing("session.started", at)


@pytest.mark.usefixtures("cloud")
def test_changes_while_it_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is changed, deleted or created between its reads is not taken for the earlier state."""
    times = {"created_at": "2026-01-01", "updated_at": "2026-01-01"}
    to = values.channel(**times)
    services().channels.create(to)
    changing, going = (values.rule(to, name=name, **times) for name in ("changing", "going"))
    for rule in (changing, going):
        services().rules.create(rule, BUILT_IN[rule.rule_type])
    query = ConfigTable.query
    deletions, looked = [going.id], list[str]()

    def overtaken(table: ConfigTable, partition: str, *rest: Any) -> Any:
        if partition == keys.REVISION:
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(ConfigTable, "query", query)
                services().rules.update(changing, {"name": "new"}, BUILT_IN[changing.rule_type])
                services().channels.update(to.id, {"enabled": False})
                services().rules.create(values.rule(to, name="new"), BUILT_IN[changing.rule_type])
                looked.append(partition)
                if deletions:
                    services().rules.delete(deletions.pop())
        return query(table, partition, *rest)

    monkeypatch.setattr(ConfigTable, "query", overtaken)
    found = as_of("2026-01-02")
    assert sorted(rule.name for rule in found.routing.rules) == ["changing", "going"]
    assert (found.routing.channels, found.unknown) == ({to.id: to}, ())
    assert len(looked) == 2, "it looks for changes after the rules, and after the channels"
