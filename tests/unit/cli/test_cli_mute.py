"""backend.ai notification mute: create, list, info, end; and what others take of mutes."""

import json
from typing import Any

import pytest

from tests.unit.cli.mutes import MUTE_ID, MUTES, Run, created, mute
from tests.unit.cli.records import CHANNEL_ID, DELIVERIES, RULE_ID, delivery, page

LISTED = f"{MUTES}?ended=true&limit=200"


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
        (
            ["--weekly", "mon-sun 00:00-24:00 UTC"],
            "weekly: these windows never close: give until: TIME instead, or disable what it is about",
            "--weekly: these windows never close: give --until TIME instead",
        ),
        (
            ["--until", "2099-01-01"],
            "until: a mute ends within 30 days; or give weekly: [WINDOW]",
            "--until: a mute ends within 30 days; or give --weekly WINDOW",
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


def test_a_mute_that_is_never_in_force_is_warned_of(service: Any, run: Run) -> None:
    """One that ends before its first window keeps nothing back, and is not told to be in force."""
    service.answers("POST", MUTES, {"mute": mute(state="ended", changes_at=None)}, 201)
    weekly = ("--for", "1h", "--weekly", "mon 10:00-11:00 UTC")
    told = run("notification", "mute", "create", "--reason", "r", "--everything", *weekly).stderr
    assert "! It keeps nothing back: it ends before one of its windows begins\n" in told
    assert "In force" not in told
