"""One at a time applies a set, and only what was planned."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from configuration_api import applying
from configuration_api.models import ApplyIn
from notifications.awsapi.client import Client
from notifications.core.errors import ConfigurationChanged, ConfigurationLocked, NotificationError
from notifications.core.model import timestamp
from notifications.store.leases import LEASE_SECONDS, LeaseStore
from tests.cloud.gateway import call
from tests.cloud.services import services
from tests.integration import channels
from tests.integration.revisions import ANN, BEN
from tests.integration.sets import PATH, apply, changes, document, plan

pytestmark = pytest.mark.usefixtures("cloud")

ROUNDS = 100
APPLIED = 20
NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def _atomic(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have one call of AWS at a time: moto looks at a condition and writes in two steps, DynamoDB in one."""
    lock, call = threading.Lock(), Client.call

    def alone(client: Client, operation: str, **parameters: Any) -> dict[str, Any]:
        with lock:
            return call(client, operation, **parameters)

    monkeypatch.setattr(Client, "call", alone)


def at_once(tried: Callable[[str], object], holders: str) -> list[object]:
    """Have several do something at the same moment; return what each got, or the kind of its error."""
    start = threading.Barrier(len(holders))

    def run(holder: str) -> object:
        start.wait(10)
        try:
            return tried(holder)
        except NotificationError as error:
            return type(error)

    with ThreadPoolExecutor(len(holders)) as pool:
        return [*pool.map(run, holders)]


@pytest.mark.usefixtures("_atomic")
def test_of_many_who_take_a_lease_one_gets_it() -> None:
    """In each of many rounds exactly one of four at once holds the set."""
    leases = services().leases
    for number in range(ROUNDS):
        got = at_once(partial(_taken, leases, f"s{number}"), "abcd")
        assert sorted(map(str, got)) == sorted(map(str, [False, *[ConfigurationLocked] * 3]))


def _taken(leases: LeaseStore, name: str, holder: str) -> bool:
    return leases.take(name, holder, ANN, NOW)


@pytest.mark.usefixtures("_atomic")
def test_of_two_who_apply_one_plan_one_does() -> None:
    """Of two that apply the same plan at once exactly one does; for the other it is too late."""
    for number in range(APPLIED):
        given = {**document(event_types={}, rules={}, mutes={}), "set": f"s{number}"}
        wanted = {**given, "version": plan(given)["version"]}
        got = at_once(partial(_applied, wanted), "ab")
        # Whoever comes when all is done finds nothing to do.
        assert got.count(1) == 1
        assert {*got} <= {1, 0, ConfigurationLocked, ConfigurationChanged}
        assert len(services().sets.members(f"s{number}")) == 1


def _applied(given: dict[str, Any], holder: str) -> int:
    request = ApplyIn.model_validate({**given, "holder": holder})
    return len(applying.apply(services(), request, ANN).applied)


def test_a_lease_is_held_as_long_as_it_is_renewed() -> None:
    """Its holder goes on; others get the set when the lease is over, or was freed."""
    leases = services().leases
    assert leases.take("prod", "a", ANN, NOW) is False
    assert leases.take("prod", "a", ANN, NOW + timedelta(seconds=LEASE_SECONDS)) is True
    later = NOW + timedelta(seconds=LEASE_SECONDS + 1)
    with pytest.raises(ConfigurationLocked, match="ann has been applying the set prod since 2026"):
        leases.take("prod", "b", BEN, later)
    leases.free("prod", "b")
    with pytest.raises(ConfigurationLocked):
        leases.take("prod", "b", BEN, later)
    leases.free("prod", "a")
    assert leases.take("prod", "b", BEN, later) is False
    much_later = later + timedelta(seconds=LEASE_SECONDS + 1)
    assert leases.take("prod", "a", ANN, much_later) is False
    assert leases.take("other", "b", BEN, later) is False


def test_whoever_is_refused_learns_who_applies() -> None:
    """The problem names the keypair, since when and until when."""
    given = document()
    version = plan(given)["version"]
    services().leases.take("prod", "other", BEN, datetime.now(UTC))
    answer = call("POST", f"{PATH}/apply", {**given, "version": version, "holder": "me"})
    assert (answer.status, answer.slug) == (409, "notification-configuration-locked")
    told = answer.json["data"]
    assert told["by"] == {"access_key": "AKIABEN", "user_id": "user-2", "name": None}
    assert told["since"] < timestamp(datetime.now(UTC)) < told["until"]
    assert changes(given)[0] == ("create", "event_type", "quota.exceeded")


def test_what_was_not_planned_is_not_done() -> None:
    """A change since the plan, and a plan of nothing, are refused; the lease is free again then."""
    given = document()
    version = plan(given)["version"]
    apply(document(mutes={}))
    for wanted in (version, "0" * 64):
        answer = call("POST", f"{PATH}/apply", {**given, "version": wanted, "holder": "me"})
        assert (answer.status, answer.slug) == (409, "notification-configuration-changed")
    answer = call("POST", f"{PATH}/apply", {**given, "holder": "me"})
    assert (answer.status, answer.json["msg"][:8]) == (400, "version:")
    assert len(apply(given, holder="other")) == 1


def test_what_a_set_refers_to_is_part_of_its_version() -> None:
    """A change of a channel outside of the set makes a plan out of date, and one of a stranger does not."""
    made, other = channels.create("Elsewhere"), channels.create("Stranger")
    rule = {"rule_type": "session.started", "message_template": "1", "channel": {"name": "Elsewhere"}}
    given = {"set": "prod", "rules": {"a": rule}}
    version = plan(given)["version"]
    services().channels.update(other["id"], {"description": "d"})
    assert plan(given)["version"] == version
    services().channels.update(made["id"], {"description": "d"})
    assert plan(given)["version"] != version


def test_what_others_did_meanwhile_ends_the_lease() -> None:
    """Whoever goes on and finds nothing left to do holds the set no longer."""
    given = document()
    apply(given)
    services().leases.take("prod", "me", ANN, datetime.now(UTC))
    answer = call("POST", f"{PATH}/apply", {**given, "holder": "me"})
    assert (answer.status, answer.json) == (200, {"applied": [], "remaining": 0})
    assert services().leases.take("prod", "other", BEN, datetime.now(UTC)) is False
