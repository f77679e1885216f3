"""backend.ai notification mute: create, list, info, end, history; and what others take of mutes."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from backendai_notification_cli.commands.notification.mute import times
from backendai_notification_cli.errors import CliError
from tests.unit.cli.records import CHANNEL_ID, DELIVERIES, RULE_ID, delivery, page

Run = Callable[..., Any]
Zone = Callable[[str], None]

MUTES = "/notifications/mutes"
MUTE_ID = "c3a9e1d0-52c7-4b8e-a1f4-7d60f2b95e13"
LISTED = f"{MUTES}?ended=true&limit=200"


def mute(**changes: Any) -> dict[str, Any]:
    """Return a mute as the service shows it."""
    made = {
        "id": MUTE_ID,
        "reason": "maintenance",
        "state": "in_force",
        "changes_at": "2099-01-15T12:30:00.000000Z",
        "rule_id": None,
        "rule": None,
        "channel_id": CHANNEL_ID,
        "channel": "Operations",
        "rule_type": None,
        "condition": {"status": ["ERROR"]},
        "where": ["status=ERROR"],
        "everything": False,
        "until": "2099-01-15T12:30:00.000000Z",
        "weekly": [],
        "hold": False,
        "created_at": "2026-01-15T10:30:00.000000Z",
        "created_by": {"access_key": "AKIA", "user_id": "u", "name": "night shift"},
        "ended_at": None,
        "suppressed": 3,
        "suppressed_cut": False,
    }
    return made | changes


def created(service: Any, run: Run, *options: str) -> dict[str, Any]:
    """Create a mute; return the request's body."""
    service.answers("POST", MUTES, {"mute": mute()}, 201)
    result = run("notification", "mute", "create", "--reason", "maintenance", *options)
    assert result.exit_code == 0, result.output
    body: dict[str, Any] = service.last["body"]
    return body


def test_create_sends_what_is_named(service: Any, run: Run) -> None:
    """Everything that is given is in the request, and nothing else."""
    body = created(
        service, run, "--rule", RULE_ID, "--channel", CHANNEL_ID, "--rule-type", "session.started",
        "--where", "status=ERROR", "--where", "!x", "--until", "2099-01-15T12:30Z", "--hold",
    )  # fmt: skip
    assert body == {
        "reason": "maintenance",
        "rule_id": RULE_ID,
        "channel_id": CHANNEL_ID,
        "rule_type": "session.started",
        "where": ["status=ERROR", "!x"],
        "until": "2099-01-15T12:30:00.000000Z",
        "hold": True,
    }


def test_create_says_until_when_in_local_time(service: Any, run: Run, zone: Zone) -> None:
    """What was meant is seen at once, whatever zone it was given in."""
    zone("UTC")
    service.answers("POST", MUTES, {"mute": mute()}, 201)
    result = run("notification", "mute", "create", "--reason", "r", "--everything", "--for", "2h")
    assert result.stderr == f"✓ Mute created: {MUTE_ID}\n✓ In force until 2099-01-15 12:30 UTC\n"
    assert json.loads(result.stdout)["id"] == MUTE_ID


def test_create_says_when_the_first_window_opens(service: Any, run: Run, zone: Zone) -> None:
    """A weekly mute may begin later."""
    zone("UTC")
    service.answers("POST", MUTES, {"mute": mute(state="waiting")}, 201)
    window = "sat 00:00-24:00 Asia/Seoul"
    result = run("notification", "mute", "create", "--reason", "r", "--everything", "--weekly", window)
    assert "✓ In force from 2099-01-15 12:30 UTC\n" in result.stderr


def test_a_length_counts_from_now(service: Any, run: Run) -> None:
    """--for is an end like any other."""
    body = created(service, run, "--everything", "--for", "2h")
    left = datetime.fromisoformat(body["until"]) - datetime.now(UTC)
    assert timedelta(minutes=119) < left <= timedelta(hours=2)


@pytest.mark.parametrize(
    ("text", "now", "expected"),
    [
        ("06:00", datetime(2026, 1, 15, 23, 0, tzinfo=UTC), datetime(2026, 1, 16, 6, tzinfo=UTC)),
        ("23:30", datetime(2026, 1, 15, 23, 0, tzinfo=UTC), datetime(2026, 1, 15, 23, 30, tzinfo=UTC)),
        ("23:00", datetime(2026, 1, 15, 23, 0, tzinfo=UTC), datetime(2026, 1, 16, 23, tzinfo=UTC)),
        ("24:00", datetime(2026, 1, 15, 23, 0, tzinfo=UTC), None),
        ("6:00", datetime(2026, 1, 15, 23, 0, tzinfo=UTC), None),
    ],
)
def test_a_time_of_day_is_the_next_one(
    text: str, now: datetime, expected: datetime | None, zone: Zone
) -> None:
    """06:00 is tomorrow's if it is past six today."""
    zone("UTC")
    assert times.next_time(text, now) == expected


@pytest.mark.parametrize(
    ("window", "sent"),
    [
        ("sat,sun 00:00-24:00 Asia/Seoul", "sat,sun 00:00-24:00 Asia/Seoul"),
        ("mon-fri 22:00-07:00", "mon-fri 22:00-07:00 Europe/Berlin"),
        ("nonsense", "nonsense"),
    ],
)
def test_a_window_without_a_zone_is_in_this_machines(
    service: Any, run: Run, monkeypatch: pytest.MonkeyPatch, window: str, sent: str
) -> None:
    """What is no window at all is left to the service, which says what is right."""
    monkeypatch.setenv("TZ", ":Europe/Berlin")
    assert created(service, run, "--everything", "--weekly", window)["weekly"] == [sent]


def test_the_zone_that_was_taken_is_told(service: Any, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever named none sees which one it was."""
    monkeypatch.setenv("TZ", "Europe/Berlin")
    service.answers("POST", MUTES, {"mute": mute()}, 201)
    options = ("--weekly", "mon 22:00-07:00", "--weekly", "sat 00:00-24:00 UTC")
    result = run("notification", "mute", "create", "--reason", "r", "--everything", *options)
    told = [line for line in result.stderr.splitlines() if "time zone" in line]
    assert told == ["✓ In the time zone of this machine: mon 22:00-07:00 Europe/Berlin"]


def test_a_machine_without_a_zone_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rules like those of POSIX have no name that the service knows."""
    monkeypatch.setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3")
    with pytest.raises(CliError, match="needs a time zone, as in 'mon 00:00-12:00 Asia/Seoul'"):
        times.with_zone("mon 00:00-12:00")
    monkeypatch.delenv("TZ")
    monkeypatch.setattr(times, "_LOCALTIME", "/nowhere")
    assert times.local_zone() is None


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--everything"], "Say for how long"),
        (["--everything", "--for", "2h", "--until", "06:00"], "Give either --for or --until"),
        (["--for", "2h"], "or else --everything"),
        (["--for", "2h", "--everything", "--rule-type", "session.started"], "or else --everything"),
        (["--for", "soon", "--everything"], "'soon' is not a length of time: expected 30m, 2h or 7d"),
        (["--for", "0m", "--everything"], "'0m' is not a length of time"),
        (["--for", "999999999d", "--everything"], "is longer than the calendar"),
        (["--until", "2020-01-01", "--everything"], "is over already"),
        (["--until", "25:00", "--everything"], "'25:00' is not an end"),
    ],
)
def test_what_cannot_be_is_told_before_anything_is_asked(
    service: Any, run: Run, options: list[str], told: str
) -> None:
    """The error says what would be right."""
    result = run("notification", "mute", "create", "--reason", "r", *options)
    assert result.exit_code != 0
    assert told in result.stderr
    assert service.requests == []


@pytest.mark.parametrize(
    ("options", "msg", "told"),
    [
        (["--for", "40d"], "until: a mute ends within 30 days", "--for: a mute ends within 30 days"),
        (["--until", "2099-01-01"], "until: a mute ends within", "--until: a mute ends within"),
        (
            ["--weekly", "sut 00:00-24:00 UTC"],
            "weekly.0: 'sut' is not a day",
            "--weekly 'sut 00:00-24:00 UTC': 'sut' is not",
        ),
    ],
)
def test_what_the_service_refuses_is_told_by_its_option(
    service: Any, run: Run, options: list[str], msg: str, told: str
) -> None:
    """The fields of the API are named as the command's options are."""
    problem = {"type": "x", "title": "Bad Request.", "msg": msg}
    service.answers("POST", MUTES, problem, 400, "application/problem+json")
    result = run("notification", "mute", "create", "--reason", "r", "--everything", *options)
    assert (result.exit_code, told in result.stderr) == (1, True), result.stderr


def test_a_reason_must_be_given(run: Run) -> None:
    """Who meets the mute later has to know."""
    result = run("notification", "mute", "create", "--everything", "--for", "2h")
    assert (result.exit_code, "Missing option '--reason'" in result.stderr) == (2, True)


def test_list_shows_what_each_is_about(service: Any, run: Run) -> None:
    """A block has who made it, until when, and how many deliveries it keeps back."""
    gone = mute(rule_id=RULE_ID, where=None, condition=None, suppressed=10_000, suppressed_cut=True)
    weekly = mute(channel_id=None, everything=True, where=None, weekly=["sat 00:00-24:00 UTC"], until=None)
    weekly |= {"condition": None, "created_by": {"access_key": "AKIA", "user_id": "u", "name": None}}
    service.answers("GET", f"{MUTES}?limit=200", page(mute(), gone, weekly, key="mutes"))
    result = run("notification", "mute", "list")
    assert result.stdout.split("---\n")[0] == (
        f"ID: {MUTE_ID}\nReason: maintenance\nState: in_force\nChanges: 2099-01-15T12:30:00.000000Z\n"
        "About: channel Operations; where status=ERROR\nUntil: 2099-01-15T12:30:00.000000Z\nHold: False\n"
        "By: night shift\nCreated: 2026-01-15T10:30:00.000000Z\nSuppressed: 3\n"
    )
    assert f"About: rule {RULE_ID} (deleted); channel Operations\n" in result.stdout
    assert "Suppressed: 10000 or more\n" in result.stdout
    assert "About: everything\nUntil: \n" in result.stdout
    assert "By: AKIA\n" in result.stdout
    assert "Weekly: sat 00:00-24:00 UTC\n" in result.stdout


def test_list_may_have_those_that_have_ended(service: Any, run: Run) -> None:
    """--ended asks for them too."""
    service.answers("GET", LISTED, page(mute(state="ended"), key="mutes"))
    assert "State: ended" in run("notification", "mute", "list", "--ended").stdout
    service.answers("GET", f"{MUTES}?limit=200", page(key="mutes"))
    assert run("notification", "mute", "list").stdout == "No mutes found\n"


@pytest.mark.parametrize("name", [MUTE_ID, MUTE_ID[:8], "Maintenance"])
def test_info_takes_an_id_its_beginning_or_the_reason(service: Any, run: Run, name: str) -> None:
    """Whatever tells it apart."""
    service.answers("GET", LISTED, page(mute(), mute(id=RULE_ID, reason="other"), key="mutes"))
    service.answers("GET", f"{MUTES}/{MUTE_ID}", {"mute": mute()})
    assert json.loads(run("notification", "mute", "info", name).stdout) == mute()


@pytest.mark.parametrize(
    ("known", "name", "told"),
    [
        ([], "x", "There is no mute 'x'\n  There are no mutes yet"),
        ([mute()], "maintainance", f"The nearest are:\n  {MUTE_ID}  maintenance  in_force"),
        ([mute()], "zzz", "'mute list --ended' shows the reasons and IDs"),
        ([mute(), mute(id=RULE_ID)], "maintenance", "There are 2 mutes that 'maintenance' may mean"),
    ],
)
def test_what_means_none_or_several_is_told(
    service: Any, run: Run, known: list[dict[str, Any]], name: str, told: str
) -> None:
    """With the candidates, or the nearest."""
    service.answers("GET", LISTED, page(*known, key="mutes"))
    result = run("notification", "mute", "info", name)
    assert (result.exit_code, told in result.stderr) == (1, True), result.stderr


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"hold": True}, "Deliveries that it held, and that are sent now: 3"),
        ({}, f"Deliveries that it skipped, which 'delivery retry --mute {MUTE_ID}' sends: 3"),
        ({"suppressed": 0}, None),
    ],
)
def test_end_says_what_becomes_of_what_it_kept_back(
    service: Any, run: Run, changes: dict[str, Any], told: str | None
) -> None:
    """Held ones go by themselves, skipped ones by another command."""
    service.answers("POST", f"{MUTES}/{MUTE_ID}/end", {"mute": mute(state="ended", **changes)})
    result = run("notification", "mute", "end", MUTE_ID)
    assert result.stderr.splitlines() == [f"✓ Mute ended: {MUTE_ID}", *([f"✓ {told}"] if told else [])]


def test_history_lists_revisions(service: Any, run: Run) -> None:
    """As of rules and channels."""
    service.answers("GET", f"{MUTES}/{MUTE_ID}/revisions?limit=200", {"revisions": [], "next": None})
    assert run("notification", "mute", "history", MUTE_ID).exit_code == 0


def test_deliveries_are_found_and_retried_by_their_mute(service: Any, run: Run) -> None:
    """Delivery list and retry take --mute; a dry run sends nothing."""
    kept = delivery(status="skipped", reason="muted: maintenance")
    path = f"{DELIVERIES}?limit=200&mute={MUTE_ID}"
    for _ in range(3):
        service.answers("GET", path, page(kept))
    assert kept["id"] in run("notification", "delivery", "list", "--mute", MUTE_ID).stdout
    dry = run("notification", "delivery", "retry", "--mute", MUTE_ID, "--dry-run")
    assert "✓ 1 delivery would be retried" in dry.stderr
    service.answers("POST", f"{DELIVERIES}/{kept['id']}/retry", {"delivery": kept}, 202)
    done = run("notification", "delivery", "retry", "--mute", MUTE_ID, "--yes")
    assert (done.exit_code, "✓ 1 retried" in done.stderr) == (0, True)
