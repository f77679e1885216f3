"""What is told of mutes: by explain, simulate and the lists of deliveries."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from notifications.core.model import OncePer, Rule, timestamp
from notifications.core.rule_types import BUILT_IN
from tests.cloud import pipeline as made
from tests.cloud.gateway import call
from tests.cloud.pipeline import DATA, Pipeline, add_channel, add_rule, document
from tests.cloud.services import services
from tests.integration.muted import HOUR, end, mute, rule, status

__all__ = ["rule"]

MANY = 23


def explained(event_id: str = "e-1") -> dict[str, Any]:
    """Explain an event that met one rule."""
    answer = call("GET", f"/notifications/events/{event_id}/explanation")
    assert answer.status == 200, answer
    (verdict,) = answer.json["rules"]
    assert answer.json["notes"] == []
    told: dict[str, Any] = verdict
    return told


def simulated(**body: Any) -> dict[str, Any]:
    """Simulate an event of one rule."""
    asked = {"rule_type": "session.started", "notification_data": DATA, **body}
    answer = call("POST", "/notifications/simulations", asked)
    assert answer.status == 200, answer
    told: dict[str, Any] = answer.json["rules"][0]
    return told


def test_explain_says_which_mute_it_was(pipeline: Pipeline, rule: Rule) -> None:
    """With its reason, and until when; and it says the same when the mute is long over."""
    muted = mute(rule_id=rule.id, hold=True)
    pipeline.dispatch(document())
    told = explained()
    assert told["verdict"] == "muted"
    assert told["mute"] == {"id": muted.id, "reason": "maintenance", "until": muted.until, "hold": True}
    assert told["reason"].startswith("muted: maintenance (mute ")
    assert told["delivery"]["status"] == "held"
    end(muted)
    assert explained()["verdict"] == "muted"
    pipeline.drain()
    sent = explained()
    assert (sent["verdict"], sent["delivery"]["status"]) == ("muted", "delivered")


def test_an_event_from_before_a_mute_fired(pipeline: Pipeline, rule: Rule) -> None:
    """A mute that was created since says nothing about it."""
    pipeline.dispatch(document())
    mute(created_at=timestamp(datetime.now(UTC)), rule_id=rule.id)
    told = explained()
    assert (told["verdict"], told["mute"]) == ("fires", None)
    pipeline.dispatch(document("e-2"))
    assert explained("e-2")["verdict"] == "muted"
    assert explained()["verdict"] == "fires"


def test_a_window_that_has_closed_explains_what_it_kept_back(pipeline: Pipeline, rule: Rule) -> None:
    """The dispatcher and the explanation ask about the same moment."""
    now = datetime.now(UTC)
    opens = now.replace(minute=0, second=0, microsecond=0)
    weekly = f"mon-sun {opens:%H:%M}-{opens + HOUR:%H:%M} UTC"
    mute(rule_id=rule.id, weekly=(weekly,))
    pipeline.dispatch(document())
    assert made.event().planned_at is not None
    assert explained()["verdict"] == "muted"
    assert status(rule) == "skipped"


def test_simulate_meets_the_mutes_of_the_events_time(rule: Rule) -> None:
    """Now, in the future, and before a mute there was."""
    mute(rule_id=rule.id)
    assert simulated()["verdict"] == "muted"
    assert simulated(timestamp=timestamp(datetime.now(UTC) + timedelta(days=1)))["verdict"] == "fires"
    assert simulated(timestamp="2020-01-01T00:00:00Z")["verdict"] == "fires"
    assert simulated(timestamp="9999-12-31T23:59:59Z")["verdict"] == "fires"


@pytest.mark.parametrize("hold", [True, False])
def test_repeats_under_a_mute(pipeline: Pipeline, rule: Rule, *, hold: bool) -> None:
    """Of what a mute holds the later ones of a window are repeats, which explain and simulate say, too."""
    services().rules.update(rule, {"once_per": OncePer(600)}, BUILT_IN["session.started"])
    mute(rule_id=rule.id, hold=hold)
    assert simulated()["verdict"] == "muted"
    pipeline.dispatch(document("e-1"))
    expected = "repeated" if hold else "muted"
    assert simulated()["verdict"] == expected
    pipeline.dispatch(document("e-2"))
    assert explained("e-1")["verdict"] == "muted"
    later = explained("e-2")
    assert later["verdict"] == expected
    assert later["reason"] == later["delivery"]["reason"] == made.delivery(rule, "e-2").reason


def test_simulate_sees_the_next_window(rule: Rule) -> None:
    """Whoever plans a weekly mute can try it."""
    mute(rule_id=rule.id, weekly=("sat 00:00-24:00 Asia/Seoul",))
    saturday = "2099-01-03T12:00:00+09:00"
    assert simulated(timestamp=saturday)["mute"]["until"] == "2099-01-03T15:00:00.000000Z"
    assert simulated(timestamp="2099-01-02T12:00:00+09:00")["verdict"] == "fires"


def test_a_draft_meets_mutes_of_its_channel_and_type(rule: Rule) -> None:
    """A rule that is not stored yet has no mute of its own, but those of others hold for it."""
    draft = {"name": "new", "channel_id": rule.channel_id, "message_template": '"x"'}
    mute(channel_id=rule.channel_id)
    assert simulated(rules=[draft], rule_ids=["draft-1"])["verdict"] == "muted"


def listed(query: str) -> list[dict[str, Any]]:
    """Read all pages of a list of deliveries."""
    found: list[dict[str, Any]] = []
    cursor = ""
    for _ in range(50):
        answer = call("GET", f"/notifications/deliveries?{query}{cursor}")
        assert answer.status == 200, answer
        found += answer.json["deliveries"]
        if answer.json["next"] is None:
            return found
        cursor = f"&cursor={answer.json['next']}"
    raise AssertionError("the list does not end")


@pytest.mark.parametrize(("hold", "limit"), [("held", 4), ("skipped", 7), ("skipped", 1_000)])
def test_deliveries_are_listed_by_their_mute(pipeline: Pipeline, rule: Rule, hold: str, limit: int) -> None:
    """Each once, newest first, in pages of any size; with other conditions those that meet them too."""
    other = add_rule(add_channel("https://127.0.0.1:1/"))
    muted = mute(hold=hold == "held")
    pipeline.dispatch(*(document(f"e-{number}") for number in range(MANY)))
    found = listed(f"mute={muted.id}&limit={limit}")
    assert len(found) == 2 * MANY
    assert {each["id"] for each in found} == {
        f"e-{number}_{each.id}" for number in range(MANY) for each in (rule, other)
    }
    created = [each["created_at"] for each in found]
    assert created == sorted(created, reverse=True)
    assert {each["status"] for each in found} == {hold}
    of_rule = f"mute={muted.id}&rule={rule.id}&limit={limit}"
    assert {each["id"] for each in listed(of_rule)} == {f"e-{number}_{rule.id}" for number in range(MANY)}
    assert len(listed(f"mute={muted.id}&channel={other.channel_id}&limit={limit}")) == MANY
    assert len(listed(f"mute={muted.id}&event=e-3&limit={limit}")) == 2
    assert listed(f"mute={muted.id}&status=failed&limit={limit}") == []
    assert listed(f"mute={other.id}&limit={limit}") == []
    middle = created[MANY]
    assert all(each["created_at"] >= middle for each in listed(f"mute={muted.id}&since={middle}"))
    assert all(each["created_at"] < middle for each in listed(f"mute={muted.id}&until={middle}"))


def test_more_than_can_be_counted_is_said(
    pipeline: Pipeline, rule: Rule, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mute's count has a bound, and says when it was reached."""
    from mutes_api import shown  # noqa: PLC0415

    del rule
    muted = mute()
    pipeline.dispatch(*(document(f"e-{number}") for number in range(5)))
    monkeypatch.setattr(shown, "COUNTED", 5)
    assert _counted(muted.id) == (5, False)
    monkeypatch.setattr(shown, "COUNTED", 4)
    assert _counted(muted.id) == (4, True)


def _counted(mute_id: str) -> tuple[int, bool]:
    told = call("GET", f"/notifications/mutes/{mute_id}").json["mute"]
    return told["suppressed"], told["suppressed_cut"]
