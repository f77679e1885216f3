"""How the services look: not their designs, only enough to know one's own."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from tests.receivers.seen import Role
from tools.pictures.lines import Look


@dataclass(frozen=True)
class Theme:
    """A service's colours and arrangement.

    ``title``: of the picture. ``facts``: labels with values stand side by side, beside their values, or
    above them. ``bar``: the message's colour is a bar beside it.
    """

    title: str
    page: str = "#ffffff"
    card: str = "#ffffff"
    border: str = "#dddddd"
    ink: str = "#1d1c1d"
    muted: str = "#616061"
    link: str = "#1264a3"
    facts: Literal["columns", "rows", "lines"] = "columns"
    bar: bool = True
    head: float = 17

    def look(self, role: Role) -> Look:
        """Return how a text in a place is drawn."""
        looks: Mapping[Role, Look] = {
            "title": Look(self.head, self.ink, bold=True),
            "label": Look(13, self.muted, bold=True),
            "footer": Look(12, self.muted),
            "button": Look(13, self.link, bold=True),
        }
        return looks.get(role, Look(14, self.ink))


THEMES: Mapping[str, Theme] = {
    "slack": Theme("Slack"),
    "teams": Theme("Microsoft Teams", page="#f5f5f5", ink="#242424", link="#5b5fc7", facts="rows", bar=False),
    "discord": Theme(
        "Discord", "#313338", "#2b2d31", "#2b2d31", "#f2f3f5", "#b5bac1", "#00a8fc", facts="columns", head=15
    ),
    "pagerduty": Theme("PagerDuty", page="#f7f7f8", ink="#1f2328", link="#06ac38", facts="rows"),
    "mattermost": Theme("Mattermost", ink="#3f4350", muted="#6c6f79", link="#1c58d9"),
    "google-chat": Theme(
        "Google Chat", page="#f6f8fc", ink="#1f1f1f", link="#0b57d0", facts="lines", bar=False
    ),
    "telegram": Theme("Telegram", "#d6e4ee", border="#cdd9e2", ink="#000000", link="#3390ec", bar=False),
    "ntfy": Theme("ntfy", page="#f1f3f4", ink="#202124", link="#338574", facts="lines", head=15),
}
