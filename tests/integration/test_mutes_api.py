"""The API of mutes: what may be muted, until when, and what is told of it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from notifications.core.model import Channel, Rule, timestamp
from notifications.core.mutes import MAX_DAYS, MAX_HOLD_DAYS
from notifications.store import keys, mutes
from tests.cloud.gateway import SUPERADMIN_ID, Answer, call
from tests.cloud.services import services
from tests.cloud.values import USED_UP
from tests.integration.revisions import ask, kept, rule

pytestmark = pytest.mark.usefixtures("cloud")

__all__ = ["kept", "rule"]

PATH = "/notifications/mutes"
NOBODY = "00000000-0000-4000-8000-000000000000"
NIGHTS = "mon-fri 22:00-07:00 Asia/Seoul"


def within(**parts: float) -> str:
    """Return a time so far from now."""
    return timestamp(datetime.now(UTC) + timedelta(**parts))


def create(**body: Any) -> dict[str, Any]:
    """Create a mute."""
    made: dict[str, Any] = ask("POST", PATH, {"reason": "maintenance", "until": within(hours=2), **body}, 201)
    found: dict[str, Any] = made["mute"]
    return found


def refused(**body: Any) -> str:
    """Try to create a mute; return why it is refused."""
    answer = call("POST", PATH, {"reason": "maintenance", "until": within(hours=2), **body})
    assert answer.status == 400, answer
    return str(answer.json["msg"])


def test_a_mute_says_what_it_is_about_who_made_it_and_until_when(kept: Channel, rule: Rule) -> None:
    """The names of its rule and channel are told, and whether it is in force."""
    until = within(hours=2)
    made = create(rule_id=rule.id, channel_id=kept.id, until=until, where=["status=ERROR"], hold=True)
    assert made["state"] == "in_force"
    assert (made["until"], made["changes_at"]) == (until, until)
    assert (made["rule"], made["channel"]) == (rule.name, kept.name)
    assert (made["rule_type"], made["where"]) == (None, ["status=ERROR"])
    assert made["created_by"]["user_id"] == SUPERADMIN_ID
    assert (made["hold"], made["everything"], made["weekly"]) == (True, False, [])
    assert (made["suppressed"], made["suppressed_cut"]) == (0, False)
    assert ask("GET", f"{PATH}/{made['id']}")["mute"] == made
    assert ask("GET", PATH) == {"mutes": [made], "next": None}


def test_everything_is_muted_only_if_that_is_said() -> None:
    """A mute that names nothing is refused, and so is one that names something and says everything."""
    assert "everything: true" in refused()
    assert "everything: rule_type names less" in refused(everything=True, rule_type="session.started")
    assert create(everything=True)["everything"] is True


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"rule_id": NOBODY}, f"rule_id: there is no rule {NOBODY}"),
        ({"channel_id": NOBODY}, f"channel_id: there is no channel {NOBODY}"),
        ({"rule_type": "session.startet"}, "the nearest is 'session.started'"),
        ({"where": ["sesion_id=S"]}, "no event type has a field 'sesion_id'; the nearest is 'session_id'"),
        ({"where": ["session_id=S", "vfolder_id=V", "agent_id=A"]}, "no event type has all of these fields"),
        ({"where": ["status=TERMINATED", "success=1"]}, "condition: success"),
        ({"rule_type": "session.started", "where": ["sesion_id=S"]}, "the nearest is 'session_id'"),
        ({"where": ["status=ERROR"], "condition": {"status": ["ERROR"]}}, "not both"),
        ({"condition": {"status": [{"prefx": "E"}]}}, "prefx"),
        ({"everything": True, "weekly": ["sut 00:00-24:00 UTC"]}, "weekly.0: 'sut' is not a day"),
        ({"everything": True, "weekly": ["sat 00:00-24:00 Asia/Soul"]}, "the nearest is 'Asia/Seoul'"),
        (
            {"everything": True, "weekly": ["mon-sun 00:00-24:00 UTC"]},
            "give until: TIME instead",
        ),
        ({"everything": True, "weekly": ["mon-sun 00:00-23:55 UTC"], "hold": True}, "leave 10 minutes"),
        ({"everything": True, "weekly": [NIGHTS] * 21}, "20"),
        ({"everything": True, "until": None}, "until: say when it ends"),
        ({"everything": True, "until": "2026-01-01T00:00:00Z"}, "is over already"),
        ({"everything": True, "until": "tomorrow"}, "ISO 8601"),
        ({"everything": True, "reason": " "}, "reason"),
        ({"everything": True, "reason": "a\nb"}, "control character"),
        ({"everything": True, "reason": "a" * 201}, "reason"),
    ],
)
def test_what_cannot_be_is_told_with_what_is_right(body: dict[str, Any], told: str) -> None:
    """Each fault names its member, and the nearest name where there is one."""
    assert told in refused(**body)


def test_what_can_never_fit_together_is_refused(kept: Channel, rule: Rule) -> None:
    """A rule has one type and one channel: with others the mute would keep nothing back."""
    other = kept.id.replace(kept.id[0], "0" if kept.id[0] != "0" else "1", 1)
    assert "is about session.started" in refused(rule_id=rule.id, rule_type="session.terminated")
    assert "there is no channel" in refused(rule_id=rule.id, channel_id=other)
    assert "is not a field of session.started" in refused(rule_id=rule.id, where=["vfolder_id=V"])
    assert create(rule_id=rule.id, rule_type="SESSION.STARTED")["rule_type"] == "session.started"


def test_it_ends_within_days_unless_it_is_weekly() -> None:
    """30 days, and 14 if it holds, because records are kept for that long at least."""
    late, later = within(days=MAX_HOLD_DAYS, minutes=1), within(days=MAX_DAYS, minutes=1)
    assert f"within {MAX_DAYS} days" in refused(everything=True, until=later)
    assert f"within {MAX_HOLD_DAYS} days" in refused(everything=True, until=late, hold=True)
    create(everything=True, until=late)
    create(everything=True, until=later, weekly=[NIGHTS], hold=True)
    weekly = create(everything=True, until=None, weekly=["SAT,sun 00:00-24:00 UTC", NIGHTS])
    assert weekly["weekly"] == ["sat,sun 00:00-24:00 UTC", NIGHTS]
    assert weekly["until"] is None
    assert weekly["state"] in {"in_force", "waiting"}
    assert weekly["changes_at"] is not None


def test_custom_types_have_fields_too(kept: Channel) -> None:
    """A condition without a type may be about a custom one."""
    del kept
    assert "no event type has a field 'share'" in refused(where=["share>0.9"])
    services().event_types.create(USED_UP)
    assert create(where=["share>0.9"])["where"] == ["share>0.9"]


def test_it_is_ended_once() -> None:
    """From then on it has ended; ending it again, or one that there is not, is an error."""
    made = create(everything=True)
    ended = ask("POST", f"{PATH}/{made['id']}/end")["mute"]
    assert (ended["state"], ended["changes_at"]) == ("ended", None)
    assert ended["ended_at"] <= timestamp(datetime.now(UTC))
    again: Answer = call("POST", f"{PATH}/{made['id']}/end")
    assert (again.status, again.slug) == (409, "notification-mute-conflict")
    assert "has ended already" in again.json["msg"]
    assert call("POST", f"{PATH}/{NOBODY}/end").status == call("GET", f"{PATH}/{NOBODY}").status == 404
    assert ask("GET", PATH)["mutes"] == []
    assert [each["id"] for each in ask("GET", f"{PATH}?ended=true")["mutes"]] == [made["id"]]


def test_pages_have_each_mute_once() -> None:
    """The newest come first, however small the pages are."""
    made = [create(everything=True, reason=f"number {number}")["reason"] for number in range(5)]
    found: list[str] = []
    query = "?limit=2"
    while True:
        page = ask("GET", PATH + query)
        found += [each["reason"] for each in page["mutes"]]
        if page["next"] is None:
            break
        query = f"?limit=2&cursor={page['next']}"
    assert found == made[::-1]
    assert call("GET", f"{PATH}?cursor=nonsense").status == 400
    assert len(ask("GET", f"{PATH}?limit=1000")["mutes"]) == 5


def test_what_a_mute_names_may_be_deleted(kept: Channel, rule: Rule) -> None:
    """A deletion is no reason to refuse, and the mute stays until it ends: it says that there is no name."""
    made = create(rule_id=rule.id, channel_id=kept.id)
    services().channels.delete(kept.id, with_rules=True)
    found = ask("GET", f"{PATH}/{made['id']}")["mute"]
    assert (found["rule_id"], found["channel_id"]) == (rule.id, kept.id)
    assert (found["rule"], found["channel"]) == (None, None)


def test_who_created_and_who_ended_it_is_in_the_audit_log() -> None:
    """Both are revisions of kind mute, named by its reason."""
    made = create(everything=True, reason="night shift")
    ask("POST", f"{PATH}/{made['id']}/end")
    told = ask("GET", f"{PATH}/{made['id']}/revisions")["revisions"]
    assert [(each["action"], each["changed"]) for each in told] == [
        ("updated", ["ended_at"]),
        ("created", []),
    ]
    ended = ask("GET", f"{PATH}/{made['id']}/revisions/2")["revision"]
    assert ended["compared_to"] == 1
    assert [(each["field"], each["old"]) for each in ended["differences"]] == [("ended_at", None)]
    assert ended["state"]["reason"] == "night shift"
    back = ask("GET", f"{PATH}/{made['id']}/revisions/1?compared_to=2")["revision"]
    assert [(each["field"], each["new"]) for each in back["differences"]] == [("ended_at", None)]
    entries = ask("GET", "/notifications/audit?kind=mute")["entries"]
    assert [(each["kind"], each["id"], each["name"]) for each in entries] == [
        ("mute", made["id"], "night shift")
    ] * 2
    assert call("GET", f"{PATH}/{NOBODY}/revisions").status == 404
    assert call("GET", f"{PATH}/{NOBODY}/revisions/1").status == 404


def test_it_is_dropped_some_time_after_its_end() -> None:
    """A mute is kept for 30 days after its end, its last revision for 400 days more; a weekly one stays."""
    until = datetime.now(UTC) + timedelta(hours=2)
    made = create(everything=True, until=timestamp(until))
    day = 86_400
    expected = int(until.timestamp()) + 30 * day
    assert abs(_expires(keys.mute(made["id"])) - expected) <= 1
    assert abs(_expires(keys.revision("mute", made["id"], 1)) - expected - 400 * day) <= 1
    ask("POST", f"{PATH}/{made['id']}/end")
    assert abs(_expires(keys.mute(made["id"])) - datetime.now(UTC).timestamp() - 30 * day) < 60
    weekly = create(everything=True, until=None, weekly=[NIGHTS])
    item = services().config_table.get(keys.mute(weekly["id"]))
    assert item is not None
    assert "expires" not in item


def _expires(key: dict[str, Any]) -> int:
    item = services().config_table.get(key)
    assert item is not None
    return int(item["expires"]["N"])


def test_there_are_not_more_than_can_be_read_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """One too many is refused."""
    monkeypatch.setattr(mutes, "MAX_MUTES", 1)
    create(everything=True)
    answer = call("POST", PATH, {"reason": "maintenance", "until": within(hours=2), "everything": True})
    assert (answer.status, answer.slug) == (409, "notification-mute-conflict")
