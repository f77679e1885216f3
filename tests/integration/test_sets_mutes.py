"""Mutes of sets: what is over is not made again each time, and what differs is replaced."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from notifications.api.changing import mutes
from notifications.core.model import timestamp
from notifications.core.mutes import Mute
from tests.cloud.pipeline import Death
from tests.cloud.services import services
from tests.integration.revisions import ANN
from tests.integration.sets import NIGHTS, apply, changes, faults, plan

pytestmark = pytest.mark.usefixtures("cloud")

CREATE, UPDATE, DELETE = ((action, "mute", "m") for action in ("create", "update", "delete"))


def within(**parts: float) -> str:
    """Return a time so far from now."""
    return timestamp(datetime.now(UTC) + timedelta(**parts))


def muting(**more: Any) -> dict[str, Any]:
    """Make a document with one mute."""
    return {"set": "prod", "mutes": {"m": {"reason": "move", "rule_type": "session.started", **more}}}


def only() -> Mute:
    """Return the one mute that there is."""
    (found,) = services().mutes.all()
    return found


def in_force() -> list[str]:
    """Return the reasons of the mutes that are not over."""
    return [mute.reason for mute in services().mutes.not_over(timestamp(datetime.now(UTC)))]


def test_one_that_is_past_is_nothing_to_do() -> None:
    """A document may keep a mute whose end is over: it is not made, and no fault."""
    told = plan(muting(until=within(days=-1)))
    assert (told["changes"], told["unchanged"]) == ([], 1)


def test_one_that_was_ended_stays_ended() -> None:
    """A mute with an end that somebody ended early is not made again, and a warning says so."""
    given = muting(until=within(hours=2))
    apply(given)
    mutes.end(services(), only().id, ANN)
    told = plan(given)
    assert (told["changes"], told["unchanged"]) == ([], 1)
    assert "The mute m was ended at" in told["warnings"][0]
    assert changes({"set": "prod"}) == []


def test_a_weekly_one_that_was_ended_is_made_again() -> None:
    """What is to be in force each week is what the document says, as anything that was deleted by hand."""
    given = muting(weekly=[NIGHTS])
    apply(given)
    mutes.end(services(), only().id, ANN)
    assert changes(given) == [CREATE]
    apply(given)
    assert changes(given) == []


def test_one_that_differs_is_replaced() -> None:
    """The new one is there before the old one ends."""
    given = muting(until=within(hours=2))
    apply(given)
    old = only().id
    given["mutes"]["m"]["reason"] = "it takes longer"
    (change,) = plan(given)["changes"]
    assert (change["action"], change["id"]) == ("update", old)
    assert [each["path"] for each in change["differences"]] == ["reason"]
    (done,) = apply(given)
    assert done["id"] != old
    assert in_force() == ["it takes longer"]
    assert changes(given) == []


def test_a_death_between_the_new_one_and_the_end_of_the_old(monkeypatch: pytest.MonkeyPatch) -> None:
    """The next plan ends the old one."""
    given = muting(until=within(hours=2))
    apply(given)
    given["mutes"]["m"]["reason"] = "it takes longer"

    def die(*_: Any) -> None:
        raise Death

    version = plan(given)["version"]
    monkeypatch.setattr(mutes, "end", die)
    with pytest.raises(Death):
        apply(given, version=version)
    monkeypatch.undo()
    assert sorted(in_force()) == ["it takes longer", "move"]
    assert changes(given) == [DELETE]
    apply(given)
    assert in_force() == ["it takes longer"]
    assert changes(given) == []


def test_an_end_that_is_moved_into_the_past() -> None:
    """It ends the mute."""
    apply(muting(until=within(hours=2)))
    assert changes(muting(until=within(hours=-2))) == [DELETE]
    apply(muting(until=within(hours=-2)))
    assert in_force() == []


def test_what_is_wrong_with_mutes() -> None:
    """They are checked as the route does, by the document's names."""
    given = muting(until=within(days=90), where="statuz=ERROR")
    given["mutes"]["n"] = {"reason": "r", "rule": "nothing", "until": within(hours=1)}
    given["mutes"]["o"] = {"reason": "r", "channel": {"name": "nothing"}, "until": within(hours=1)}
    places = [place for place, _ in faults(given)]
    assert places == [
        ("mutes", "m", "until"),
        ("mutes", "m", "where"),
        ("mutes", "n", "rule"),
        ("mutes", "o", "channel", "name"),
    ]
    given = muting(until=within(days=90))
    assert [place for place, _ in faults(given)] == [("mutes", "m", "until")]
