"""What readers see of a message that a preset composed."""

import pytest

from notifications.core.messages import Message
from notifications.core.model import LEVELS, PresetName
from notifications.core.presets import PRESETS
from notifications.core.values import replace
from tests.unit.core.presets.asking import EVENT, MESSAGE, NAMES, escaped, seen

COLOURED = ("slack", "teams", "discord", "pagerduty", "mattermost", "google-chat")
LOCAL = ("slack", "teams", "discord")
"""Services that show the time of the reader's own zone."""


@pytest.mark.parametrize("name", NAMES)
def test_everything_is_shown(name: PresetName) -> None:
    """A reader sees title, text, fields, link and the event's id."""
    shown = seen(name, escaped(name, title=MESSAGE.title, text=MESSAGE.text, fields=MESSAGE.fields))
    for text in (MESSAGE.title, MESSAGE.text, "Project", "ml", "Exit code", "137", EVENT):
        assert text in shown.text
    links = [run.link for part in shown.parts for run in part.runs if run.link]
    assert MESSAGE.link in links


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("level", LEVELS)
def test_levels(name: PresetName, level: str) -> None:
    """A level is shown as a colour, or as a sign."""
    made = {each: seen(name, replace(MESSAGE, level=each)) for each in LEVELS}
    if name in COLOURED:
        assert made["error"].color != made["info"].color
        assert made["error"].color != made["success"].color or name == "pagerduty"
    else:
        assert made[level].text != made["error" if level != "error" else "info"].text  # type: ignore[index]


@pytest.mark.parametrize("name", [name for name in NAMES if name not in LOCAL and name != "pagerduty"])
def test_zone(name: PresetName) -> None:
    """Where a service cannot show the reader's own time, that of the message's zone is shown; UTC without."""
    assert "2026-01-15 10:30:00 UTC" in seen(name, MESSAGE).text
    assert "2026-01-15 19:30:00 Asia/Seoul" in seen(name, replace(MESSAGE, zone="Asia/Seoul")).text


def test_own_times() -> None:
    """Slack, Discord and Teams show the reader's own time, Slack with a fallback."""
    slack = str(PRESETS["slack"].compose(replace(MESSAGE, zone="Asia/Seoul")))
    assert "<!date^1768473000^{date_short_pretty} {time_secs}|2026-01-15 19:30:00 Asia/Seoul>" in slack
    assert "<t:1768473000:F>" in str(PRESETS["discord"].compose(MESSAGE))
    assert "{{DATE(2026-01-15T10:30:00Z, SHORT)}} {{TIME(2026-01-15T10:30:00Z)}}" in str(
        PRESETS["teams"].compose(MESSAGE)
    )
    assert PRESETS["pagerduty"].compose(MESSAGE)["payload"]["timestamp"] == "2026-01-15T10:30:00+00:00"


@pytest.mark.parametrize("name", NAMES)
def test_next_to_nothing(name: PresetName) -> None:
    """A message without any text is still shown."""
    bare = replace(MESSAGE, title=" ", text="\n", fields=(("", ""),), link=None)
    assert EVENT in seen(name, bare).text


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("link", ["javascript:alert(1)", "nonsense", "https://", "https://[x", "\x00", ""])
def test_links_that_are_none(name: PresetName, link: str) -> None:
    """A link that a reader cannot follow is left out."""
    shown = seen(name, replace(MESSAGE, link=link))
    assert not [run.link for part in shown.parts for run in part.runs if run.link]


@pytest.mark.parametrize("name", NAMES)
def test_link_in_capitals(name: PresetName) -> None:
    """A scheme may be in capitals, and is written as services compare it."""
    shown = seen(name, replace(MESSAGE, link="HTTPS://Console.example.com/A"))
    assert {run.link for part in shown.parts for run in part.runs if run.link} == {
        "https://Console.example.com/A"
    }


@pytest.mark.parametrize("name", NAMES)
def test_link_that_ends_early(name: PresetName) -> None:
    """No sign in a link ends it before its own end."""
    link = "https://a.example/x?q=\"'<>|)]*_`\\ y&z=ü"
    shown = seen(name, replace(MESSAGE, link=link))
    assert [run.link for part in shown.parts for run in part.runs if run.link] == [
        "https://a.example/x?q=%22'%3C%3E%7C%29]*_%60%5C%20y&z=%C3%BC"
    ]


@pytest.mark.parametrize("name", NAMES)
def test_many_fields(name: PresetName) -> None:
    """A hundred short fields are all shown."""
    fields = tuple((f"Field {number}", f"value {number}.") for number in range(100))
    text = seen(name, replace(MESSAGE, fields=fields)).text
    assert all(f"value {number}." in text for number in range(100))


@pytest.mark.parametrize("action", ["trigger", "acknowledge", "resolve"])
def test_incidents(action: str) -> None:
    """PagerDuty opens and ends incidents by their key; without a key an event is its own incident."""
    compose = PRESETS["pagerduty"].compose
    made: Message = replace(MESSAGE, dedup="session-1", action=action)
    assert compose(made)["dedup_key"] == "session-1"
    assert compose(made)["event_action"] == action
    assert compose(MESSAGE)["dedup_key"] == EVENT


def test_long_keys() -> None:
    """A long key of an incident is cut so that two different ones stay different."""
    keys = {
        PRESETS["pagerduty"].compose(replace(MESSAGE, dedup="k" * 300 + end))["dedup_key"] for end in "ab"
    }
    assert len(keys) == 2
    assert all(len(key) <= 255 for key in keys)


def test_fields_that_are_named_alike() -> None:
    """PagerDuty's details have every field, also those with one label."""
    made = PRESETS["pagerduty"].compose(replace(MESSAGE, fields=(("a", "1"), ("a", "2"), ("event", "3"))))
    details = made["payload"]["custom_details"]
    assert (details["a"], details["a (2)"], details["event"], details["event (2)"]) == ("1", "2", "3", EVENT)


def test_discord_notifies_nobody() -> None:
    """A message on Discord notifies nobody, whatever it says."""
    body = PRESETS["discord"].compose(MESSAGE)
    assert body["allowed_mentions"] == {"parse": []}
