"""A fake of Google Chat's incoming webhooks.

Sources: developers.google.com/workspace/chat, "Build a Google Chat app as a webhook", "Format messages",
"Cards v2", "Usage limits"; grafana's and apprise's senders.
"""

import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qs

from local.receiver import Received
from tests.receivers import mrkdwn
from tests.receivers.seen import Part, Role, Run, Seen, Style, linked, merged, plain
from tests.receivers.service import Answer, Malformed, Service, Window, document, json_answer

MAX_TEXT_CHARS = 4_096
MAX_BYTES = 32_000
MAX_WIDGETS = 100
STYLES: Mapping[str, Style] = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "s": "strike",
    "strike": "strike",
    "del": "strike",
    "code": "code",
    "li": "list",
    "h1": "heading",
    "time": "reference",
    "users": "reference",
}


class Invalid(Exception):
    """A message that is refused."""


def answer(request: Received) -> Answer:
    """Answer to a message."""
    path, _, query = request.path.partition("?")
    given = parse_qs(query)
    if not re.fullmatch(r"/v1/spaces/[\w-]+/messages", path):
        return _error(404, "NOT_FOUND", "Requested entity was not found.")
    if not given.get("key") or not given.get("token"):
        return _error(403, "PERMISSION_DENIED", "The request is missing a valid API key.")
    try:
        seen = _seen(document(request), len(request.body))
    except Malformed as error:
        return _error(400, "INVALID_ARGUMENT", f"Invalid JSON payload received. {error}")
    except Invalid as error:
        return _error(400, "INVALID_ARGUMENT", str(error))
    return json_answer(200, {"name": "spaces/S/messages/M", "thread": {"name": "spaces/S/threads/T"}}, seen)


def refuse(wait: float) -> Answer:  # noqa: ARG001 - it does not say for how long
    """Say that the space's quota is exhausted."""
    return _error(429, "RESOURCE_EXHAUSTED", "Resource has been exhausted (e.g. check quota).")


def _error(status: int, name: str, message: str) -> Answer:
    told = {"error": {"code": status, "message": message, "status": name}}
    return json_answer(status, told, lost=message)


def _seen(body: dict[str, Any], size: int) -> Seen:
    unknown = body.keys() - {"text", "cardsV2", "thread", "fallbackText", "accessoryWidgets"}
    if unknown:
        raise Invalid(f'Invalid JSON payload received. Unknown name "{min(unknown)}": Cannot find field.')
    if size > MAX_BYTES:
        raise Invalid(f"Message is too long: {size} bytes of at most {MAX_BYTES}.")
    text = body.get("text", "")
    if not isinstance(text, str) or len(text) > MAX_TEXT_CHARS:
        raise Invalid("Message text is too long.")
    parts = [Part("text", mrkdwn.parse(text, entities=False))] if text else []
    for item in body.get("cardsV2", ()):
        parts += _card(item["card"])
    if not "".join(part.text for part in parts).strip():
        raise Invalid("Message cannot be empty.")
    return Seen(tuple(parts), _color(body))


def _card(card: dict[str, Any]) -> Iterator[Part]:
    if header := card.get("header"):
        if not header.get("title"):
            raise Invalid("Card header must have a title.")
        yield plain("title", header["title"])
        if header.get("subtitle"):
            yield plain("footer", header["subtitle"])
    for section in card.get("sections", ()):
        if section.get("header"):
            yield _html("text", section["header"])
        widgets = section.get("widgets")
        if not isinstance(widgets, list) or not 1 <= len(widgets) <= MAX_WIDGETS:
            raise Invalid(f"A section must have 1 to {MAX_WIDGETS} widgets.")
        for widget in widgets:
            yield from _widget(widget)


def _widget(widget: dict[str, Any]) -> Iterator[Part]:
    match next(iter(widget.items()), ("", {})):
        case "textParagraph", paragraph:
            yield _html("text", paragraph.get("text"))
        case "decoratedText", decorated:
            if decorated.get("topLabel"):
                yield plain("label", decorated["topLabel"])
            yield _html("value" if decorated.get("topLabel") else "text", decorated.get("text"))
            if decorated.get("bottomLabel"):
                yield plain("footer", decorated["bottomLabel"])
        case "buttonList", buttons:
            yield from (_button(button) for button in buttons["buttons"])
        case "divider", _:
            pass
        case name, _:
            raise Invalid(f"Unknown widget {name}.")


def _button(button: dict[str, Any]) -> Part:
    target = button.get("onClick", {}).get("openLink", {}).get("url", "")
    if not button.get("text") or not re.match(r"https?://\S+$", target):
        raise Invalid("A button must have a text and an address.")
    return linked("button", button["text"], target)


def _html(role: Role, text: Any) -> Part:
    if not isinstance(text, str) or not text:
        raise Invalid(f"A {role} must not be empty.")
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return Part(role, merged(reader.runs))


class _Reader(HTMLParser):
    """Reads a card's HTML; of unknown tags nothing is seen."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.runs: list[Run] = []
        self._open: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what is open."""
        if tag == "br":
            self.runs.append(Run("\n"))
        else:
            self._open.append((tag, dict(attrs).get("href") if tag == "a" else None))

    def handle_endtag(self, tag: str) -> None:
        """Close the last that is open by this name."""
        for number in range(len(self._open) - 1, -1, -1):
            if self._open[number][0] == tag:
                del self._open[number:]
                return

    def handle_data(self, data: str) -> None:
        """Keep a text with the styles of what is open."""
        styles = frozenset(STYLES[name] for name, _ in self._open if name in STYLES)
        link = next((link for _, link in reversed(self._open) if link), None)
        self.runs.append(Run(data, styles, link))


def _color(body: dict[str, Any]) -> str | None:
    found = re.search(r"<font color=\\?[\"'](#[0-9a-fA-F]{6})", str(body.get("cardsV2", "")))
    return found[1].lower() if found else None


SERVICE = Service(
    "google-chat",
    "/v1/spaces/AAAAAAAAAAA/messages?key=XXXXXXXX&token=XXXXXXXX",
    (Window(60, 60.0),),
    answer,
    refuse,
)
