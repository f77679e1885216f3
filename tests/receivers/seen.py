"""What a reader sees of a message: texts in their places, and what in them is active."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Style = Literal[
    "bold", "italic", "underline", "strike", "code", "quote", "heading", "list", "spoiler", "reference"
]
"""What markup does to a text. ``reference``: a user, channel, emoji or time that the service looks up."""

Role = Literal["title", "text", "field", "label", "value", "footer", "button"]
"""Where a text stands. ``field``: a label and its value in one text; ``label``, ``value``: each by itself."""


@dataclass(frozen=True)
class Run:
    """A piece of text that is styled alike. ``link``: where it leads; ``mention``: it notifies somebody."""

    text: str
    styles: frozenset[Style] = frozenset()
    link: str | None = None
    mention: bool = False


@dataclass(frozen=True)
class Part:
    """One of a message's texts."""

    role: Role
    runs: tuple[Run, ...]

    @property
    def text(self) -> str:
        """The text without its styles."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True)
class Seen:
    """A message as the service shows it. ``color``: of its border, as #rrggbb."""

    parts: tuple[Part, ...]
    color: str | None = None

    @property
    def text(self) -> str:
        """All that there is to read, a line or more for each part."""
        return "\n".join(part.text for part in self.parts)

    @property
    def mentions(self) -> tuple[str, ...]:
        """Whom it notifies."""
        return tuple(run.text for part in self.parts for run in part.runs if run.mention)

    @property
    def links(self) -> tuple[tuple[str, str], ...]:
        """The texts that lead somewhere, and where; not the addresses that are shown themselves."""
        return tuple(
            (text, link)
            for part in self.parts
            for text, link in _joined(part.runs)
            if link is not None and text != link
        )

    @property
    def active(self) -> Counter[str]:
        """How often there is a mention, a link and each style."""
        counted = Counter({"mention": len(self.mentions), "link": len(self.links)})
        for part in self.parts:
            before: frozenset[Style] = frozenset()
            for run in part.runs:
                counted.update(run.styles - before)
                before = run.styles
        return +counted

    def of(self, *roles: Role) -> tuple[Part, ...]:
        """Return the parts in these places."""
        return tuple(part for part in self.parts if part.role in roles)


def plain(role: Role, text: object) -> Part:
    """Make a part of a text in which nothing is markup."""
    return Part(role, (Run(str(text)),))


def linked(role: Role, text: object, link: object) -> Part:
    """Make a part of a text that leads somewhere as a whole."""
    return Part(role, (Run(str(text), link=str(link)),))


def merged(runs: Iterable[Run]) -> tuple[Run, ...]:
    """Join neighbours that are styled alike, except mentions: each is one."""
    joined: list[Run] = []
    for run in runs:
        last = joined[-1] if joined else None
        if (
            last
            and not run.mention
            and (last.styles, last.link, last.mention) == (run.styles, run.link, False)
        ):
            joined[-1] = Run(last.text + run.text, run.styles, run.link)
        else:
            joined.append(run)
    return tuple(joined)


def _joined(runs: Iterable[Run]) -> list[tuple[str, str | None]]:
    """Join neighbours that lead to the same place, whatever their styles."""
    joined: list[tuple[str, str | None]] = []
    for run in runs:
        if joined and joined[-1][1] == run.link:
            joined[-1] = (joined[-1][0] + run.text, run.link)
        else:
            joined.append((run.text, run.link))
    return joined
