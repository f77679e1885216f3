"""The services that a webhook channel may be made for.

A new one is a module beside these and a line in ``PRESETS``. Only channels with a preset import this package.
"""

from collections.abc import Mapping
from typing import Any

from notifications.core import json_text
from notifications.core.errors import UnusableBody
from notifications.core.model import PresetName
from notifications.core.nearest import nearest, quoted
from notifications.core.presets.discord import Discord
from notifications.core.presets.google_chat import GoogleChat
from notifications.core.presets.mattermost import Mattermost
from notifications.core.presets.ntfy import Ntfy
from notifications.core.presets.pagerduty import PagerDuty
from notifications.core.presets.preset import Fitted, Preset, mark
from notifications.core.presets.slack import Slack
from notifications.core.presets.teams import Teams
from notifications.core.presets.telegram import Telegram
from notifications.core.texts import whole

PRESETS: Mapping[PresetName, Preset] = {
    "slack": Slack(),
    "teams": Teams(),
    "discord": Discord(),
    "pagerduty": PagerDuty(),
    "mattermost": Mattermost(),
    "google-chat": GoogleChat(),
    "telegram": Telegram(),
    "ntfy": Ntfy(),
}

TOO_DEEP = "The message is nested too deeply"

NOT_OFFERED = {
    "opsgenie": "Opsgenie ends on 2027-04-05; in Jira Service Management, make an integration for an API "
    "and use its URL without a preset",
}
"""Names that are known and have no preset, with what to do instead."""


def suggested(url: str) -> PresetName | None:
    """Return the preset whose service a URL is, None if there is none."""
    return next((name for name, preset in PRESETS.items() if preset.suggests(url)), None)


def unknown(name: str) -> str:
    """Say that there is no such preset, and what would be right."""
    instead = NOT_OFFERED.get(name.lower())
    if instead:
        return f"There is no preset {quoted(name)}: {instead}"
    return f"There is no preset {quoted(name)}; the nearest is {nearest(name.lower(), PRESETS)!r}"


def fitted(preset: Preset, message: str, event_id: str) -> str:
    """Return a rendered message as it is sent: within the limits, with what was cut marked by the event's id.

    Raises:
        UnusableBody: the service would refuse the message, or show nothing.
    """
    try:
        return whole(json_text.compact(preset.fit(_read(message), mark(event_id)).body))
    except RecursionError:
        raise UnusableBody(TOO_DEEP) from None


def problems(preset: Preset, message: str) -> list[str]:
    """List what is wrong with a handwritten message, rendered with a sample."""
    try:
        return preset.problems(_read(message))
    except UnusableBody as error:
        return [error.message]
    except RecursionError:
        return [TOO_DEEP]


def _read(message: str) -> Any:
    try:
        return json_text.read(message)
    except (ValueError, RecursionError):
        raise UnusableBody("The message is not JSON, which its channel's preset needs") from None


__all__ = ["NOT_OFFERED", "PRESETS", "Fitted", "Preset", "fitted", "mark", "problems", "suggested", "unknown"]
