"""Whoever applies a set may die at any write: planning and applying again leads to the same state."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notifications.awsapi.client import Client
from tests.cloud import aws
from tests.cloud.pipeline import Death
from tests.cloud.services import services
from tests.integration.sets import NIGHTS, WRITES, apply, changes, plan

KEYS = st.sampled_from("abc")
URLS = st.sampled_from(["https://example.com/1", "https://example.com/2"])
CHANNEL = st.fixed_dictionaries(
    {"spec": st.fixed_dictionaries({"url": URLS, "headers": st.sampled_from([{}, {"X-Api-Key": "k"}])})},
    optional={"name": st.sampled_from(["n", "m"]), "enabled": st.booleans()},
)
TYPE = st.fixed_dictionaries(
    {
        "json_schema": st.sampled_from(
            [
                {"type": "object", "properties": {"x": {"type": "string"}}},
                {"type": "object", "properties": {"x": {"type": "string"}, "y": {"type": "number"}}},
            ]
        )
    }
)
TEMPLATES = st.sampled_from(['{"a": "{{ x }}"}', '{"b": "{{ x }}"}'])


@st.composite
def sets(draw: st.DrawFn) -> dict[str, Any]:
    """Make a document whose rules and mutes refer to what it has."""
    channels = draw(st.dictionaries(KEYS, CHANNEL, min_size=1))
    types = draw(st.dictionaries(KEYS.map("t.{}".format), TYPE, min_size=1))
    rule: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
        {
            "rule_type": st.sampled_from(sorted(types)),
            "channel": st.sampled_from(sorted(channels)),
            "message_template": TEMPLATES,
        },
        optional={"enabled": st.booleans()},
    )
    # A key keeps its type: that of a rule cannot be changed.
    rules = {
        f"{key}-{each['rule_type'][2:]}": each for key, each in draw(st.dictionaries(KEYS, rule)).items()
    }
    mute = st.fixed_dictionaries(
        {
            "reason": st.sampled_from(["r", "s"]),
            "weekly": st.just([NIGHTS]),
            "channel": st.sampled_from(sorted(channels)),
        }
    )
    mutes = draw(st.dictionaries(KEYS, mute))
    return {"set": "prod", "channels": channels, "event_types": types, "rules": rules, "mutes": mutes}


@contextmanager
def dying(at: int, *, after: bool) -> Iterator[None]:
    """Die at a write: before it, or when it is done but nobody has heard of it."""
    call, seen = Client.call, [0]

    def fatal(client: Client, operation: str, **parameters: Any) -> dict[str, Any]:
        if operation not in WRITES:
            return call(client, operation, **parameters)
        seen[0] += 1
        if seen[0] == at and after:
            call(client, operation, **parameters)
        if seen[0] == at:
            raise Death
        return call(client, operation, **parameters)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Client, "call", fatal)
        yield


def state() -> list[tuple[Any, ...]]:
    """Return what the set has, by keys in place of ids."""
    members = services().sets.members("prod")
    keys = {member.id: member.key for member in members}
    found = []
    for member in members:
        each: Any = member.state
        if getattr(each, "ended_at", None) is not None:
            continue
        told = plan({"set": "prod", "prune": True})["changes"]
        differences = next(
            change["differences"]
            for change in told
            if (change["kind"], change["id"]) == (member.kind, member.id)
        )
        found.append((member.kind, keys[member.id], str(differences)))
    return sorted(found)


@settings(
    max_examples=max(settings().max_examples // 20, 2),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    deadline=None,
)
@given(first=sets(), second=sets(), after=st.booleans(), data=st.data())
def test_a_death_at_any_write(
    first: dict[str, Any],
    second: dict[str, Any],
    after: bool,  # noqa: FBT001
    data: st.DataObject,
) -> None:
    """From any set to any other: a death at a write, and then a plan that is applied, make the second set."""
    aws.create()
    try:
        apply(first)
        steps = len(changes(second))
        at = data.draw(st.integers(1, 2 * steps + 3))
        version = plan(second)["version"]
        try:
            with dying(at, after=after):
                apply(second, "dead", version)
        except Death:
            services().leases.free("prod", "dead")  # as it is a minute later
        apply(second, "again")
        assert changes(second) == []
        left = state()
    finally:
        aws.forget()
    aws.create()
    try:
        apply(second)
        assert state() == left
    finally:
        aws.forget()


def test_a_death_at_each_write(cloud: None) -> None:
    """A set with something of each kind comes whole, whichever write is the last one of its first applier."""
    del cloud
    for at in range(1, 13):
        given = {
            "set": f"s{at}",
            "channels": {"a": {"spec": {"url": "https://example.com/"}}},
            "event_types": {f"t.{at}": {"json_schema": {"type": "object", "properties": {}}}},
            "rules": {"r": {"rule_type": f"t.{at}", "channel": "a", "message_template": "1"}},
            "mutes": {"m": {"reason": "r", "rule": "r", "weekly": [NIGHTS]}},
        }
        version = plan(given)["version"]
        for after in (False, True):
            try:
                with dying(at, after=after):
                    apply(given, "dead", version)
            except Death:
                services().leases.free(f"s{at}", "dead")
            version = plan(given)["version"]
        apply(given, "again")
        assert changes(given) == []
        members = services().sets.members(f"s{at}")
        assert sorted(member.kind for member in members) == ["channel", "event_type", "mute", "rule"]
