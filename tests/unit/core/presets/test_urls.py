"""Which URLs are whose, and where a message goes in the end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.core.model import PresetName
from notifications.core.presets import PRESETS, suggested
from notifications.core.presets.discord import Discord
from notifications.core.presets.google_chat import GoogleChat
from notifications.core.presets.mattermost import Mattermost
from notifications.core.presets.ntfy import Ntfy
from notifications.core.presets.pagerduty import PagerDuty
from notifications.core.presets.preset import Preset
from notifications.core.presets.slack import Slack
from notifications.core.presets.teams import Teams
from notifications.core.presets.telegram import Telegram
from tests.unit.core.presets.asking import NAMES, URLS

ALL: tuple[Preset, ...] = (
    Slack(),
    Teams(),
    Discord(),
    PagerDuty(),
    Mattermost(),
    GoogleChat(),
    Telegram(),
    Ntfy(),
)
"""What the type checker holds to the protocol, since ``PRESETS`` imports by name."""


def test_all() -> None:
    """Each name leads to a preset of its own, which is made once."""
    assert [type(preset) for preset in PRESETS.values()] == [type(preset) for preset in ALL]
    assert [*PRESETS.values()] == [*PRESETS.values()]
    assert len(PRESETS) == len(ALL)
    with pytest.raises(KeyError):
        PRESETS["nothing"]  # type: ignore[index]


@pytest.mark.parametrize("name", NAMES)
def test_own(name: PresetName) -> None:
    """A service's own URL suggests its preset, and is not refused."""
    assert suggested(URLS[name]) == name
    assert PRESETS[name].refused(URLS[name]) is None


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://HOOKS.slack.com:443/services/T/B/x", "slack"),
        ("https://hooks.slack-gov.com/services/T/B/x", "slack"),
        ("https://hooks.slack.com.evil.example/services/T/B/x", None),
        ("https://x.webhook.office.com/webhookb2/x", "teams"),
        ("https://prod-1.westus.logic.azure.com:443/workflows/x", "teams"),
        ("https://canary.discord.com/api/v10/webhooks/1/x", "discord"),
        ("https://discord.com/invite/x", None),
        ("https://events.eu.pagerduty.com/v2/enqueue", "pagerduty"),
        ("https://example.com/chat/hooks/" + "a1" * 13, "mattermost"),
        ("https://example.com/hooks/short", None),
        ("https://ntfy.example.com/topic", "ntfy"),
        ("https://example.com/", None),
        ("https://[x", None),
        ("", None),
    ],
)
def test_suggested(url: str, name: PresetName | None) -> None:
    """A URL suggests the preset whose service it is, if any."""
    assert suggested(url) == name


@given(url=st.text(max_size=60))
def test_any_text(url: str) -> None:
    """No text, however odd, is more than a URL of nobody or somebody."""
    assert suggested(url) in {None, *PRESETS}
    assert all(preset.refused(url) != "" for preset in PRESETS.values())


@pytest.mark.parametrize(
    ("name", "url", "goes_to", "body", "secrets"),
    [
        ("slack", URLS["slack"], URLS["slack"], {}, ()),
        (
            "telegram",
            "https://api.telegram.org/bot1:x/sendMessage?chat_id=%40ops&a=b%20c&message_thread_id=7",
            "https://api.telegram.org/bot1:x/sendMessage?a=b+c",
            {"chat_id": "@ops", "message_thread_id": "7"},
            ("@ops", "7"),
        ),
        ("ntfy", "https://ntfy.sh/my%5Ftopic/", "https://ntfy.sh/", {"topic": "my_topic"}, ("my_topic",)),
        (
            "ntfy",
            "http://[::1]:8080/under/a/path/t?auth=x",
            "http://[::1]:8080/under/a/path/?auth=x",
            {"topic": "t"},
            ("t",),
        ),
        ("pagerduty", URLS["pagerduty"], URLS["pagerduty"], {"routing_key": "k"}, ("k",)),
    ],
)
def test_addressed(
    name: PresetName, url: str, goes_to: str, body: dict[str, str], secrets: tuple[str, ...]
) -> None:
    """What a service wants of URL and secrets in the body is there, and known as secret."""
    made = PRESETS[name].address(url, {"x": 1}, "k" if name == "pagerduty" else None)
    assert (made.url, made.body, made.secrets) == (goes_to, {"x": 1, **body}, secrets)


def test_what_a_template_writes_wins() -> None:
    """A chat or a routing key that the template wrote stays."""
    assert PRESETS["telegram"].address(URLS["telegram"], {"chat_id": "5"}, None).body == {"chat_id": "5"}
    made = PRESETS["pagerduty"].address(URLS["pagerduty"], {"routing_key": "own"}, "k")
    assert (made.body, made.secrets) == ({"routing_key": "own"}, ("own",))
