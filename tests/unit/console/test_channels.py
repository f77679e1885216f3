"""What the console decides about channels, beside what the service decides."""

import re
import subprocess
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.api.channels import shown_with_state
from notifications.core import channel_health, masking
from notifications.core.channel_health import Health
from notifications.core.model import Channel, WebhookSpec
from notifications.core.presets import PRESETS, suggested
from notifications.core.values import replace
from tests.unit.console.node import Ask
from tests.unit.core.presets.asking import URLS

NOW = datetime(2026, 1, 15, 10, 30, tzinfo=UTC)
AT = "2026-01-15T10:00:00.000000Z"
SECRET = "s3cr3t-of-the-path"
URL = f"https://example.com/{SECRET}"
CHANNEL = Channel(
    id="8d1c0a2e-0000-4000-8000-000000000000",
    name="Ops",
    description=None,
    spec=WebhookSpec(url=URL, headers={"X-Team": "ops", "Authorization": SECRET}),
    enabled=True,
    created_at=AT,
    created_by="8d1c0a2e-0000-4000-8000-000000000001",
    updated_at=AT,
)
OTHER_URLS = (
    "https://example.com/hook",
    "https://hooks.slack.com.example.com/services/x",
    "https://notdiscord.com/api/webhooks/1/x",
    "https://discord.com/channels/1",
    "https://ntfy.example.com/topic",
    "https://HOOKS.slack.com/services/x",
    "https://a.b.logic.azure.com:443/workflows/x",
    f"https://example.com/hooks/{'a' * 25}",
    "https://webhook.office.com/x",
    "not a url",
)


def document(channel: Channel = CHANNEL, health: Health | None = None) -> dict[str, Any]:
    """Return a channel's document."""
    return shown_with_state(channel, health).model_dump(mode="json")


def milliseconds(time: datetime) -> int:
    """Return a time as JavaScript has it."""
    return round(time.timestamp() * 1000)


@pytest.mark.parametrize("url", [*URLS.values(), *OTHER_URLS])
def test_a_url_suggests_the_preset_that_the_service_means(ask: Ask, url: str) -> None:
    """The form chooses the preset of which the service would say that it is meant."""
    assert ask("suggested", url) == suggested(url)


def test_every_preset_can_be_chosen(ask: Ask) -> None:
    """A preset that the service has is one of the form."""
    assert {ask("suggested", url) for url in URLS.values()} == {*PRESETS}


def test_the_limits_are_those_of_the_service(ask: Ask) -> None:
    """What the page says of the states is what decides them."""
    limits = ask("limits")
    assert limits["SUSPEND_AFTER_FAILURES"] == channel_health.SUSPEND_AFTER_FAILURES
    assert timedelta(days=limits["SUSPEND_AFTER_DAYS"]) == channel_health.SUSPEND_AFTER
    assert limits["MIN_FAILURES"] == channel_health.MIN_FAILURES
    assert timedelta(minutes=limits["FIRST_PROBE_MINUTES"]) == channel_health.FIRST_PROBE
    assert timedelta(minutes=limits["LAST_PROBE_MINUTES"]) == channel_health.LAST_PROBE
    assert timedelta(days=limits["MAX_HELD_DAYS"]) == channel_health.MAX_HELD


def test_changes_are_made_to_what_somebody_else_has_left(ask: Ask) -> None:
    """Of a spec that two have changed, saving changes only the fields that were changed here."""
    spec = replace(CHANNEL.spec, headers={"X-Team": "sre"}, timeout=7.0)
    theirs = replace(CHANNEL, name="Theirs", spec=spec)
    made = ask("rebased", document(), {"timeout": "9", "description": "mine"}, document(theirs))
    assert {*made} == {"description", "spec"}
    assert (made["spec"]["timeout"], made["spec"]["headers"]) == (9, {"X-Team": "sre"})
    assert ask("rebased", document(), {"name": "Theirs"}, document(theirs)) == {}


FAILING = Health(CHANNEL.id, failures=7, failing_since=NOW, reason="status 503")
SUSPENDED = replace(FAILING, suspended_at=NOW, probe_at=NOW + timedelta(minutes=4), probes=2)


@pytest.mark.parametrize(
    ("enabled", "health", "later", "expected"),
    [
        (True, None, 0, ("healthy", None, None, "failing", None)),
        (True, Health(CHANNEL.id, slow=True), 0, ("healthy", None, None, "failing", None)),
        (True, FAILING, 0, ("failing", NOW, "status 503", "suspended", NOW + timedelta(days=3))),
        (True, SUSPENDED, 3, ("suspended", NOW, "status 503", "probing", NOW + timedelta(minutes=4))),
        (True, SUSPENDED, 4, ("probing", NOW, "status 503", "releasing", None)),
        (True, Health(CHANNEL.id, releasing=True), 0, ("releasing", None, None, "healthy", None)),
        (False, SUSPENDED, 0, ("disabled", None, None, "healthy", None)),
        (False, Health(CHANNEL.id, gone=True, reason="410"), 0, ("disabled", None, "410", "healthy", None)),
    ],
)
def test_a_channel_stands_where_its_health_says(
    ask: Ask, *, enabled: bool, health: Health | None, later: int, expected: tuple[Any, ...]
) -> None:
    """The page shows the state of the document: since when, why, what comes next, and when."""
    shown = document(replace(CHANNEL, enabled=enabled), health)
    told = ask("standing", shown, milliseconds(NOW + timedelta(minutes=later)))
    times = (told[name] and datetime.fromisoformat(told[name]) for name in ("since", "at"))
    since, at = times
    assert (told["state"], since, told["why"], told["next"], at) == expected


@given(url=st.sampled_from((URL, "https://example.com", "https://example.com/", "https://example.com/?k=v")))
def test_urls_are_masked_as_the_service_masks_them(ask: Ask, url: str) -> None:
    """Only scheme and host of a URL are shown."""
    assert ask("withoutPath", url) == masking.masked_url(url)


@given(name=st.sampled_from(("Authorization", "X-Api-Key", "X-Team", "X-Signature", "Accept", "Cookie")))
def test_headers_are_secrets_where_the_service_says_so(ask: Ask, name: str) -> None:
    """A header's value is typed unseen if the service seals it."""
    assert ask("isCredential", name) == masking.is_credential(name)


@given(retry=st.sampled_from(("standard", "fast", "none")) | st.lists(st.integers(1, 43_200), min_size=1))
def test_a_schedule_is_read_as_it_was_written(ask: Ask, retry: str | list[int]) -> None:
    """The text of a schedule means the schedule."""
    assert ask("readRetry", ask("retryText", retry)) == retry


def test_a_form_that_changes_nothing_sends_nothing(ask: Ask) -> None:
    """An untouched form has no changes: a new spec would end a suspension."""
    assert ask("changed", document(), {}) == [{}, f"channel update {CHANNEL.id}"]


def test_what_the_form_leaves_empty_stays(ask: Ask) -> None:
    """A changed header keeps the URL and the sealed headers, whose values the form does not have."""
    headers = [
        {"name": "X-Team", "value": "sre team", "kept": False},
        {"name": "Authorization", "value": "", "kept": True},
    ]
    changes, line = ask("changed", document(), {"headers": headers})
    assert [*changes] == ["spec"]
    assert changes["spec"]["url"] == URL
    assert changes["spec"]["headers"] == {"X-Team": "sre team", "Authorization": None}
    assert line == f"channel update {CHANNEL.id} --header 'X-Team: sre team'"


def test_no_secret_is_in_a_line(ask: Ask) -> None:
    """URL, keys and secret headers are variables of the shell, also for a hostile name of a header."""
    headers = [{"name": "X-`$(id)`-Token", "value": SECRET, "kept": False}]
    given = {"name": "-rf", "url": URL, "headers": headers, "preset": "pagerduty", "routingKey": SECRET}
    body, line = ask("created", given, None)
    assert body["spec"]["headers"] == {"X-`$(id)`-Token": SECRET}
    assert SECRET not in line
    assert line == (
        'channel create --preset pagerduty --routing-key "$ROUTING_KEY" --header '
        '\'X-`$(id)`-Token: \'"$X_ID_TOKEN" -- -rf "$WEBHOOK_URL"'
    )


def test_the_preset_that_the_url_suggests_is_created(ask: Ask) -> None:
    """A new channel has the suggested preset unless another one is chosen."""
    assert ask("created", {"name": "Ops", "url": URLS["slack"]}, "slack")[0]["spec"]["preset"] == "slack"
    chosen = ask("created", {"name": "Ops", "url": URLS["slack"], "preset": "none"}, "slack")
    assert chosen[0]["spec"]["preset"] == "none"


@given(text=st.text(max_size=30).filter(lambda text: "\0" not in text and text.strip() == text and text))
def test_a_shell_reads_what_was_typed(ask: Ask, text: str) -> None:
    """Whatever a description has in it, the line's word is just that, and nothing moves the cursor."""
    _, line = ask("changed", document(), {"description": text})
    printed = subprocess.check_output(["bash", "-c", f"printf '%s\\0' {line}"], encoding="utf-8", timeout=60)
    assert printed.split("\0") == ["channel", "update", CHANNEL.id, "--description", text, ""]
    assert not re.search("[\x01-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]", line)
