"""What a terminal shows: tables, times, colours, limits and pages."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.unit.cli.channels import CHANNEL, CHANNELS
from tests.unit.cli.records import DELIVERIES, delivery, page
from tests.unit.cli.terminal import at_terminal

LIST = ("notification", "channel", "list")


def channels(service: Any, *found: dict[str, Any], total: int | None = None) -> None:
    """Let the service have channels."""
    pagination = {"total": len(found) if total is None else total}
    service.answers("POST", f"{CHANNELS}/search", {"channels": list(found), "pagination": pagination})


def channel(number: int = 0, **changes: Any) -> dict[str, Any]:
    """Return a channel as a list has it."""
    made = {**CHANNEL, "id": f"{number:08}-0000-4000-8000-000000000000", "state": "active"}
    spec = {"url": "https://hooks.slack.com/***", "preset": "slack"}
    return {**made, "name": f"Ops {number}", "spec": spec, **changes}


def succeeded(service: Any, found: dict[str, Any], at: str) -> None:
    """Let a channel have delivered its last message at a time."""
    service.answers(
        "GET", "/notifications/status", {"channels": [{"id": found["id"], "last_success_at": at}]}
    )


def test_channels_are_a_table(service: Any) -> None:
    """A list of channels has a line for each: name, service, host, state and last success."""
    ago = (datetime.now(UTC) - timedelta(hours=3, minutes=5)).isoformat()
    channels(service, channel(1), channel(2, state="suspended", spec={"url": "http://a.b/***"}))
    succeeded(service, channel(1), ago)
    seen = at_terminal(*LIST)
    assert seen.code == 0
    assert [line.split() for line in seen.lines] == [
        ["NAME", "SERVICE", "TO", "STATE", "LAST", "SUCCESS", "ID"],
        ["Ops", "1", "slack", "hooks.slack.com", "active", "3h", "ago", "00000001"],
        ["Ops", "2", "webhook", "a.b", "suspended", "00000002"],
    ]
    assert "\x1b[31msuspended" in seen.raw


def test_the_last_success_is_a_field(service: Any, run: Callable[..., Any]) -> None:
    """Programs get the last success if they ask for it, and cost the service nothing otherwise."""
    channels(service, channel(1))
    succeeded(service, channel(1), "2025-11-23T10:00:00.000000Z")
    assert json.loads(run(*LIST, "--json", "name,last_success_at").stdout) == [
        {"name": "Ops 1", "last_success_at": "2025-11-23T10:00:00.000000Z"}
    ]
    channels(service, channel(1))
    run(*LIST)
    assert [request["path"] for request in service.requests].count("/notifications/status") == 1


@pytest.mark.parametrize("width", [40, 60, 80, 200])
def test_a_table_fits_the_terminal(service: Any, width: int) -> None:
    """No line is longer than the terminal is wide, whatever the names; Korean characters take two columns."""
    channels(service, channel(1, name="x" * 300), channel(2, name="알림" * 60, state="failing"))
    seen = at_terminal(*LIST, size=(width, 30))
    assert all(len(line) + len(re.findall("[가-힣]", line)) <= width for line in seen.lines)
    assert seen.text.count("…") >= 2
    assert "failing" in seen.text or width == 40


def test_piped_stays_as_the_guide_says(service: Any, run: Callable[..., Any]) -> None:
    """Without a terminal a list has the blocks of the guide."""
    channels(service, channel(1))
    shown = run(*LIST).stdout
    assert shown.splitlines()[1:] == ["Name: Ops 1", "Type: webhook", "Enabled: True", "Description: ", "---"]


@pytest.mark.parametrize(
    ("environment", "coloured"),
    [
        ({}, True),
        ({"NO_COLOR": "1"}, False),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
        ({"CLICOLOR": "0"}, False),
        ({"TERM": "dumb"}, False),
        ({"CLICOLOR": "0", "FORCE_COLOR": "1"}, True),
    ],
)
def test_colours_as_the_environment_says(
    service: Any, environment: dict[str, str], *, coloured: bool
) -> None:
    """NO_COLOR, FORCE_COLOR, CLICOLOR and a dumb terminal decide about colours."""
    channels(service, channel())
    assert ("\x1b[" in at_terminal(*LIST, environment=environment).raw) is coloured


def test_forced_colours_without_a_terminal(
    service: Any, run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """FORCE_COLOR colours a table that goes into a pipe."""
    channels(service, channel())
    assert "\x1b[" not in run(*LIST, "-o", "table").stdout
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[32mactive" in run(*LIST, "-o", "table").stdout


@pytest.mark.parametrize(("args", "shown"), [((), 50), (("--limit", "all"), 60), (("--limit", "7"), 7)])
def test_a_terminal_shows_fifty(service: Any, args: tuple[str, ...], shown: int) -> None:
    """A list on a terminal ends after 50 and says how to get more, unless --limit says how many."""
    channels(service, *(channel(number) for number in range(50)), total=60)
    channels(service, *(channel(number) for number in range(50, 60)), total=60)
    seen = at_terminal(*LIST, *args)
    assert seen.text.count("Ops ") == shown
    more = "These are the first 50: --limit N shows more, --limit all shows all"
    assert (more in seen.text) is (args == ())


def test_records_are_asked_for_by_the_limit(service: Any) -> None:
    """Of records no more are asked for than are shown, and one that tells whether there are more."""
    service.answers("GET", f"{DELIVERIES}?limit=51", page(*(delivery(number) for number in range(51))))
    seen = at_terminal("notification", "delivery", "list")
    assert seen.text.count("failed") == 50
    assert "--limit all shows all" in seen.text


def test_a_limit_is_a_number_or_all(service: Any, run: Callable[..., Any]) -> None:
    """Anything else is a wrong call."""
    result = run(*LIST, "--limit", "many")
    assert (result.exit_code, service.requests) == (2, [])
    assert "'many' is not a whole number from 1 on, or 'all'" in result.stderr


@pytest.mark.parametrize(("args", "paged"), [((), True), (("--no-pager",), False), (("-q",), True)])
def test_long_output_is_paged(service: Any, tmp_path: Path, args: tuple[str, ...], *, paged: bool) -> None:
    """What is longer than the terminal goes through PAGER, with less set up to keep colours."""
    channels(service, *(channel(number) for number in range(40)))
    pager = tmp_path / "pager"
    pager.write_text('#!/bin/sh\necho "paged $1 $LESS"; cat\n')
    pager.chmod(0o755)
    seen = at_terminal(*LIST, *args, environment={"PAGER": f"{pager} -x"})
    assert ("paged -x FRX" in seen.text) is paged
    assert seen.text.count("\n") >= 40


def test_other_formats_are_paged_and_whole(service: Any) -> None:
    """On a terminal the other formats have all items, and go through the pager too."""
    channels(service, *(channel(number) for number in range(50)), total=60)
    channels(service, *(channel(number) for number in range(50, 60)), total=60)
    pager = {"PAGER": "cat -; echo paged"}
    seen = at_terminal(*LIST, "-o", "jsonl", environment=pager)
    assert (seen.text.count('"name":"Ops '), seen.lines[-1]) == (60, "paged")


def test_short_output_is_not_paged(service: Any) -> None:
    """What fits on the terminal is written to it."""
    channels(service, channel())
    assert "paged" not in at_terminal(*LIST, environment={"PAGER": "echo paged; cat"}).text


def test_what_a_change_made_is_not_paged(service: Any) -> None:
    """What was changed stays on the terminal, however long; the same to read goes through PAGER."""
    one = f"{CHANNELS}/{CHANNEL['id']}"
    service.answers("GET", one, {"channel": CHANNEL})
    service.answers("PATCH", one, {"channel": CHANNEL})
    pager = {"PAGER": "cat -; echo paged"}
    small = (100, 10)
    read = at_terminal("notification", "channel", "info", CHANNEL["id"], size=small, environment=pager)
    update = ("notification", "channel", "update", CHANNEL["id"], "--disable")
    changed = at_terminal(*update, size=small, environment=pager)
    assert '"name": "Ops",' in changed.text
    assert ("paged" in read.text, "paged" in changed.text) == (True, False)


@pytest.mark.parametrize(("pager", "shown"), [("no-such-program", True), ("/", True), ("exit 3", False)])
def test_a_pager_that_fails(service: Any, pager: str, *, shown: bool) -> None:
    """A pager that does not start loses nothing: its shell says what is wrong, and the list is there."""
    channels(service, *(channel(number) for number in range(40)))
    seen = at_terminal(*LIST, environment={"PAGER": pager})
    assert (seen.code, channel(39)["name"] in seen.text) == (0, shown)


def test_info_is_json_in_colours(service: Any) -> None:
    """One thing is JSON on a terminal too, with its names in colour."""
    service.answers("GET", f"{CHANNELS}/{CHANNEL['id']}", {"channel": CHANNEL})
    seen = at_terminal("notification", "channel", "info", CHANNEL["id"])
    assert '"name": "Ops",' in seen.text
    assert seen.raw != seen.text


def test_times_are_local_when_far(service: Any) -> None:
    """A time of more than a week ago is shown itself, in the local zone."""
    channels(service, channel())
    succeeded(service, channel(), "2025-11-23T10:00:00.000000Z")
    assert "2025-11-23 19:00" in at_terminal(*LIST, environment={"TZ": "Asia/Seoul"}).text
