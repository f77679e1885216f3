"""Google Chat's incoming webhooks.

Sources: https://developers.google.com/workspace/chat/quickstart/webhooks, .../format-messages.
"""

import re
from collections.abc import Iterator
from typing import Any

from notifications.core import json_text
from notifications.core.delivery import Judgement, Response
from notifications.core.errors import LacksContent
from notifications.core.messages import Message, colour
from notifications.core.presets import judging
from notifications.core.presets.common import (
    EMPTY,
    SIGNS,
    footer,
    host_of,
    link_of,
    one_line,
    path_of,
    shown_time,
    title_of,
)
from notifications.core.presets.cutting import in_json, utf8, utf16
from notifications.core.presets.escaping import (
    GAP,
    IN_ANGLES,
    IN_HTML,
    LOOSE_MARK,
    broken_emoji,
    broken_urls,
    by_url,
    mended_links,
    percent,
)
from notifications.core.presets.fitting import Fitting, Place, walk
from notifications.core.presets.preset import Fitted, Service, document

MAX_TEXT = 4_000
MAX_BYTES = 30_000
"""The most bytes of the whole body; Google Chat accepts 32,000."""

MAX_WIDGETS = 100
TEXTS = frozenset(
    {"text", "title", "subtitle", "topLabel", "bottomLabel", "header", "fallbackText", "altText"}
)
SHOWN = ("text", "cardsV2", "cards", "attachment", "accessoryWidgets")
HOST = "chat.googleapis.com"

_ALIKE = {"*": "∗", "_": "＿", "~": "∼", "`": "ˋ"}  # noqa: RUF001 - look-alikes on purpose
"""The look-alikes of formats' signs, for texts without escapes. A zero-width space follows each of them."""

_ATOM = re.compile(rf"[<&:.{''.join(_ALIKE.values())}]{GAP}|&[#\w]+;|<[^<>]*>")
_SPECIAL = re.compile(rf"[<`]|&(?=[#\w])|{LOOSE_MARK}")
_STOOD_IN = re.compile(rf"([<&{''.join(_ALIKE.values())}]){GAP}")
_PLAIN = {alike: sign for sign, alike in _ALIKE.items()} | {"<": "<", "&": "&"}
_HTML = _PLAIN | {"<": "&lt;", "&": "&amp;"}
_HINTS = {
    "INVALID_ARGUMENT": "the body is not what Google Chat takes",
    "PERMISSION_DENIED": "the webhook was deleted, or its URL is not whole; make a new one and set its URL",
    "UNAUTHENTICATED": "the URL is not whole; copy it again, with key and token",
    "NOT_FOUND": "the space or the webhook is gone; make a new one and set its URL",
}


class GoogleChat(Service):
    """See ``Preset``."""

    label = "Google Chat"
    rate: str | None = "1/s"

    def compose(self, message: Message) -> dict[str, Any]:
        """Make a card, whose texts are a little HTML."""
        title = title_of(message, _ATOM)
        sign = SIGNS[message.level]
        widgets = [_paragraph(f'<font color="{colour(message.level)}"><b>{sign} {title}</b></font>')]
        if message.text.strip():
            widgets.append(_paragraph(message.text))
        widgets += [
            {
                "decoratedText": {
                    "topLabel": one_line(label) or EMPTY,
                    "text": text.strip() or EMPTY,
                    "wrapText": True,
                }
            }
            for label, text in message.fields
        ]
        widgets.append(_paragraph(f"{shown_time(message)} · {self.escape(footer(message))}"))
        if link := link_of(message):
            button = {"text": "Open", "onClick": {"openLink": {"url": link}}}
            widgets.append({"buttonList": {"buttons": [button]}})
        sections = [{"widgets": widgets[at : at + MAX_WIDGETS]} for at in range(0, len(widgets), MAX_WIDGETS)]
        return {
            "cardsV2": [{"cardId": "notification", "card": {"sections": sections}}],
            "fallbackText": f"{sign} {title}",
        }

    def escape(self, text: str) -> str:
        """Replace the signs of formats by look-alikes, because texts have no escape.

        In cards, where formats are HTML, ``fit`` puts the signs themselves back.
        """
        made = by_url(
            text,
            lambda piece: _SPECIAL.sub(lambda found: _ALIKE.get(found[0], found[0]) + GAP, piece),
            percent,
        )
        return broken_urls(broken_emoji(made))

    def fit(self, body: Any, mark: str) -> Fitted:
        """See ``Preset``."""
        body = document(body, self.label)
        if not any(body.get(name) for name in SHOWN):
            raise LacksContent('Google Chat refuses a message without text or cards: write {"text": ...}')
        fitting = Fitting(self.label, utf16, "characters", self.escape(mark))
        places = list(_texts(body, fitting))
        for place in places:
            place.holder[place.key] = _for_place(place)
        fitting.each(places)
        wide = Fitting(self.label, in_json, "bytes", self.escape(mark))
        others = utf8(json_text.compact(body)) - sum(in_json(place.text) for place in places)
        wide.all(places, MAX_BYTES - others, "the message")
        return Fitted(body, (*fitting.cuts, *wide.cuts))

    def judge(self, response: Response) -> Judgement | None:
        """Judge by the name of the status in JSON."""
        if response.status in judging.SUCCESSES:
            return judging.delivered(response)
        if response.status == judging.TOO_MANY:
            hint = "a space takes 60 a minute of all apps together"
            return judging.limited(response, self.label, hint, 5)
        error = judging.part(judging.json_of(response), "error")
        hint = _HINTS.get(str(error.get("status")), "")
        if hint:
            return judging.refused(response, self.label, str(error.get("message", "")), hint)
        return None

    def suggests(self, url: str) -> bool:
        """See ``Preset``."""
        return host_of(url) == HOST

    def refused(self, url: str) -> str | None:
        """Refuse an address of the API that is no webhook's."""
        if host_of(url) == HOST and not ("/messages" in path_of(url) and "key=" in url and "token=" in url):
            return (
                "This is not the whole URL of a webhook: copy it again from the space's Apps & integrations, "
                "Webhooks; it ends in /messages?key=...&token=..."
            )
        return None


def _paragraph(text: str) -> dict[str, Any]:
    return {"textParagraph": {"text": text}}


def _for_place(place: Place) -> str:
    """Return a text with the escapes of its place: only a message's own text has none."""
    # Only the beginning of a text that is far too long is read: putting the signs back halves it at most.
    text = mended_links(place.text[: 3 * MAX_TEXT], IN_ANGLES, IN_HTML)
    if place.path in {"text", "fallbackText"}:
        return text
    in_html = place.key == "text" and "onClick" not in place.holder
    signs = _HTML if in_html or place.key == "header" else _PLAIN
    return _STOOD_IN.sub(lambda found: signs[found[1]], text)


def _texts(body: Any, fitting: Fitting) -> Iterator[Place]:
    for holder, key, path in walk(body):
        found = holder[key]
        if key == "widgets" and isinstance(found, list):
            fitting.listed(found, MAX_WIDGETS, path, _paragraph)
        elif key in TEXTS and isinstance(found, str):
            yield Place(holder, key, path, MAX_TEXT, _ATOM)
