"""The rules of a file, tried with the events of its tests."""

from datetime import UTC, datetime
from typing import Any

import pytest

from notifications.core.config_files.testing import Expected, Result, Tried, run
from notifications.core.model import Digest, EmailSpec, Event, OncePer, Rule, WebhookSpec
from notifications.core.rule_types import BUILT_IN
from tests.samples import configuration as samples

STARTED = BUILT_IN["session.started"]
NIGHT = datetime(2026, 1, 15, 3, tzinfo=UTC)
CHANNELS = {
    "hook": samples.channel(id="hook"),
    "slack": samples.channel(
        id="slack", spec=WebhookSpec("https://hooks.slack.com/services/a/b/c", preset="slack")
    ),
    "mail": samples.channel(id="mail", spec=EmailSpec("m.example.com", 587, "a@x.org", ("b@x.org",))),
}


def rule(key: str, **changes: Any) -> Rule:
    """Make a rule of a file, whose id is its key."""
    return samples.rule(
        **{"id": key, "name": key, "channel_id": "hook", "message_template": '"m"', **changes}
    )


def came_of(
    *rules: Rule,
    fires: set[str],
    texts: dict[str, list[str]] | None = None,
    mutes: Any = (),
    at: datetime = NIGHT,
    muted: bool = False,
) -> Result:
    """Try rules with a started session."""
    event = Event("t", STARTED.name, at, samples.STARTED | {"status": 'said "no"\n& left'})
    tried = Tried({each.id: each for each in rules}, CHANNELS, mutes)
    return run(event, STARTED, tried, Expected(frozenset(fires), texts or {}), muted=muted)


def test_exactly_these_fire() -> None:
    """A test passes if just the expected rules fire; each verdict is told, of the event's type only."""
    rules = [
        rule("a"),
        rule("unmet", condition={"session_type": ["batch"]}),
        rule("off", enabled=False),
        rule("other", rule_type="session.terminated"),
        rule("observes", observe=True),
        rule("empty", message_template=" "),
        rule("once", once_per=OncePer(60)),
        rule("digest", message_template="{{ count }}", digest=Digest("5m")),
    ]
    found = came_of(*rules, fires={"a", "once", "digest"})
    assert found.faults == []
    assert {key: verdict.name for key, verdict in found.verdicts.items()} == {
        "a": "fires",
        "unmet": "unmet",
        "off": "withheld",
        "observes": "observes",
        "empty": "empty",
        "once": "fires",
        "digest": "fires",
    }


@pytest.mark.parametrize(
    ("made", "fires", "fault"),
    [
        (rule("a"), set(), "a fires, which is not expected: it has no condition"),
        (
            rule("a", condition={"session_type": ["interactive"]}),
            set(),
            'a fires, which is not expected: session_type is "interactive", needed: "interactive"',
        ),
        (
            rule("a", condition={"session_type": ["batch"]}),
            {"a"},
            'a does not fire: unmet: session_type is "interactive", needed: "batch"',
        ),
        (rule("a", enabled=False), {"a"}, "a does not fire: withheld: rule_disabled"),
        (rule("a", message_template=""), {"a"}, "a does not fire: empty: empty message"),
        (
            rule("a", rule_type="session.terminated"),
            {"a"},
            "a does not fire: it is about session.terminated, not session.started",
        ),
        (rule("a", message_template="{{ 1 // 0 }}"), {"a"}, "a does not fire: failed: "),
        (rule("a", message_template="{{ 1 // 0 }}"), set(), "a would fire and fails: "),
        (
            rule("a", enabled=False, condition={"status": [{"exists": True}]}),
            {"a"},
            "a does not fire: withheld: rule_disabled",
        ),
        (rule("a", observe=True), {"a"}, "a does not fire: observes: "),
    ],
)
def test_what_is_wrong(made: Rule, fires: set[str], fault: str) -> None:
    """A rule that fires unexpectedly, or does not, is told with the part of its condition that decides."""
    (told,) = came_of(made, fires=fires).faults
    assert told.startswith(fault)


def test_messages() -> None:
    """A text may be in the message as it is sent, in a text of its JSON, or in an email's subject."""
    rules = [
        rule("json", message_template='{"text": {{ status | tojson }}, "n": [1, "deep"]}'),
        rule("slack", channel_id="slack", message_template='{"text": "{{ status }}"}'),
        rule("mail", channel_id="mail", message_template="first\nsecond {{ session_id }}"),
    ]
    fires = {"json", "slack", "mail"}
    held = {
        "json": ['said "no"\n& left', "deep", "said"],
        "slack": ["&amp; left"],
        "mail": ["first", "second 6f1c"],
    }
    assert came_of(*rules, fires=fires, texts=held).faults == []
    missing = {"json": ["gone", "said"], "mail": ["x" * 200]}
    gone, long = came_of(*rules, fires=fires, texts=missing).faults
    assert gone.startswith("the message of json does not contain 'gone': it is '{\"text\"")
    assert long == f"the message of mail does not contain {'x' * 100 + '…'!r}: it is 'first\\nsecond 6f1c'"


def test_a_message_of_what_does_not_fire() -> None:
    """What a message contains cannot hold if none is sent; an expected rule is told of once."""
    off = rule("off", enabled=False)
    assert came_of(off, fires=set(), texts={"off": ["x"]}).faults == [
        "off does not fire, so it has no message"
    ]
    assert len(came_of(off, fires={"off"}, texts={"off": ["x"]}).faults) == 1


def test_mutes_of_the_file() -> None:
    """Mutes count only where the test says so, and then at the time of its event."""
    nightly = samples.mute(
        id="nightly",
        reason="sleep",
        rule_id="a",
        until=None,
        weekly=("thu 00:00-06:00 UTC",),
        created_at="1970-01-01T00:00:00.000000Z",
    )
    assert came_of(rule("a"), fires={"a"}, mutes=[nightly]).faults == []
    found = came_of(rule("a"), fires=set(), mutes=[nightly], muted=True)
    assert (found.faults, found.verdicts["a"].name) == ([], "muted")
    assert "mute nightly" in str(found.verdicts["a"].reason)
    day = datetime(2026, 1, 15, 9, tzinfo=UTC)
    assert came_of(rule("a"), fires={"a"}, mutes=[nightly], muted=True, at=day).faults == []


def test_rules_that_take_too_long() -> None:
    """Once it is late the test fails without the rules that are left, and says how many they are."""
    event = Event("t", STARTED.name, NIGHT, samples.STARTED)
    tried = Tried({key: rule(key) for key in "abc"}, CHANNELS)
    times = iter([False, True])
    found = run(event, STARTED, tried, Expected(frozenset("abc")), muted=False, is_late=lambda: next(times))
    assert ({*found.verdicts}, found.left) == ({"a", "b"}, 1)
    assert found.faults == [
        "1 of 3 rules were not tried: the templates of those before take too long with this event"
    ]
