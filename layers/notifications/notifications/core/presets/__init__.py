"""The services that webhook channels have presets for.

A new one is a module beside these and a line in ``_PLACES``. Only channels with a preset import this package.
"""

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

from notifications.core import json_text
from notifications.core.delivery import Judgement, Response
from notifications.core.errors import UnusableBody
from notifications.core.model import PresetName
from notifications.core.nearest import hint, quoted
from notifications.core.presets import judging
from notifications.core.presets.preset import Fitted, Preset, mark
from notifications.core.texts import whole

_PLACES: Mapping[PresetName, tuple[str, str]] = {
    "slack": ("slack", "Slack"),
    "teams": ("teams", "Teams"),
    "discord": ("discord", "Discord"),
    "pagerduty": ("pagerduty", "PagerDuty"),
    "mattermost": ("mattermost", "Mattermost"),
    "google-chat": ("google_chat", "GoogleChat"),
    "telegram": ("telegram", "Telegram"),
    "ntfy": ("ntfy", "Ntfy"),
}
"""The module of each preset, and the class in it."""


class _Presets(Mapping[PresetName, Preset]):
    """Presets by name, each imported when it is needed, because all together take 20 ms of CPU."""

    def __init__(self) -> None:
        self._known: dict[PresetName, Preset] = {}

    def __getitem__(self, name: PresetName) -> Preset:
        found = self._known.get(name)
        if found is None:
            module, of_class = _PLACES[name]
            found = self._known[name] = getattr(import_module(f"{__name__}.{module}"), of_class)()
        return found

    def __iter__(self) -> Iterator[PresetName]:
        return iter(_PLACES)

    def __len__(self) -> int:
        return len(_PLACES)


PRESETS = _Presets()

TOO_DEEP = "The message is nested too deeply"

NOT_OFFERED = {
    "opsgenie": "Opsgenie ends on 2027-04-05; in Jira Service Management, make an integration for an API "
    "and use its URL without a preset",
}
"""Services that are known but have no preset, with what to do instead."""


def suggested(url: str) -> PresetName | None:
    """Return the preset whose service a URL belongs to; None if there is none."""
    return next((name for name, preset in PRESETS.items() if preset.suggests(url)), None)


def unknown(name: str) -> str:
    """Say that there is no such preset, and what would be right."""
    instead = NOT_OFFERED.get(name.lower())
    if instead:
        return f"There is no preset {quoted(name)}: {instead}"
    return f"There is no preset {quoted(name)}{hint(name.lower(), PRESETS)} ({', '.join(PRESETS)})"


def fitted(preset: Preset, message: str, event_id: str) -> str:
    """Return a rendered message as it is sent: within the limits, with what was cut marked by the event's id.

    Raises:
        UnusableBody: the service would refuse the message, or show nothing.
    """
    try:
        return whole(json_text.compact(preset.fit(_read(message), mark(event_id)).body))
    except RecursionError:
        raise UnusableBody(TOO_DEEP) from None


def judged(name: PresetName, response: Response) -> Judgement | None:
    """Return what a service's response means; None if its status says all."""
    preset = PRESETS[name]
    if response.status in judging.SUCCESSES and judging.is_page(response):
        said = judging.text_of(response)
        return judging.retried(response, preset.label, said, judging.PAGE_HINT)
    return preset.judge(response)


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


__all__ = [
    "NOT_OFFERED",
    "PRESETS",
    "Fitted",
    "Preset",
    "fitted",
    "judged",
    "mark",
    "problems",
    "suggested",
    "unknown",
]
