"""Telegram's bots: ``sendMessage`` with a subset of HTML.

Source: https://core.telegram.org/bots/api#html-style.
"""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from notifications.core.delivery import Judgement, Response
from notifications.core.errors import LacksContent, UnusableBody
from notifications.core.messages import Message
from notifications.core.presets import html, judging
from notifications.core.presets.common import (
    EMPTY,
    SIGNS,
    clean,
    footer,
    host_of,
    link_of,
    one_line,
    path_of,
    shown_time,
    split,
    title_of,
)
from notifications.core.presets.cutting import utf16
from notifications.core.presets.escaping import GAP, IN_HTML, broken_names, broken_urls, mended_links
from notifications.core.presets.fitting import levelled
from notifications.core.presets.preset import Addressed, Fitted, Service, document, mark
from notifications.core.responses import seconds_of

MAX_TEXT = 4_096
HOST = "api.telegram.org"
METHOD = "sendMessage"
IN_BODY = ("chat_id", "message_thread_id")
"""The parameters of the channel's URL that go into the body."""

_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"})
_HOST = re.compile(rf"(?<=:{GAP}//)[^\s/?#]+")
_HINTS = (
    (
        "can't parse entities",
        "the template writes HTML that Telegram does not know, see core.telegram.org/bots/api",
    ),
    ("chat not found", "chat_id is wrong, or the bot is not in that chat; add it there"),
    ("message is too long", f"a message has {MAX_TEXT} characters at most"),
    ("text is empty", "the template rendered a text that shows nothing"),
    ("blocked by the user", "the person has blocked the bot"),
    ("kicked", "the bot was removed from the chat; add it again"),
    ("not enough rights", "the bot may not write in that chat; let it"),
    ("topic", "message_thread_id is wrong, or the topic is closed"),
    ("Unauthorized", "the bot's token is wrong or was revoked; copy it again from @BotFather"),
    ("Not Found", "the bot's token is not whole; copy it again from @BotFather"),
)


class Telegram(Service):
    """See ``Preset``."""

    label = "Telegram"
    rate: str | None = "20/m"

    def compose(self, message: Message) -> dict[str, Any]:
        """Make an HTML text."""
        first = f"{SIGNS[message.level]} <b>{title_of(message, html.ATOM)}</b>"
        last = f"<i>{shown_time(message)} · {self.escape(footer(message))}</i>"
        if link := link_of(message):
            last += f'\n<a href="{link.replace("&", "&amp;")}">Open</a>'
        lines = [message.text] if message.text.strip() else []
        lines += [
            f"<b>{one_line(label) or EMPTY}</b>: {text.strip() or EMPTY}" for label, text in message.fields
        ]
        room = MAX_TEXT - utf16(f"{first}\n\n\n{last}") - len(lines)
        lines = levelled(lines, room, utf16, html.ATOM, self.escape(mark(message.event_id)))
        text = "\n".join([first, "", *map(html.mended, lines), "", last])
        return {"text": text, "parse_mode": "HTML", "link_preview_options": {"is_disabled": True}}

    def escape(self, text: str) -> str:
        """Write HTML's signs as entities, and break text that Telegram would turn into links or mentions."""
        text = broken_urls(broken_names(clean(text)))
        text = _HOST.sub(lambda found: found[0].replace(".", f"{GAP}."), text)
        return text.translate(_ENTITIES)

    def fit(self, body: Any, mark: str) -> Fitted:
        """See ``Preset``."""
        body = document(body, self.label)
        text = body.get("text")
        if not isinstance(text, str) or not text.strip():
            raise LacksContent('Telegram refuses a message without text: write {"text": ...}')
        mode = body.setdefault("parse_mode", "HTML")
        if mode != "HTML":
            raise UnusableBody(
                f"parse_mode {mode!r} cannot be used, because values are escaped for HTML: write HTML, "
                "and leave parse_mode out"
            )
        body.setdefault("link_preview_options", {"is_disabled": True})
        body["text"] = whole = html.mended(mended_links(text, IN_HTML))
        if utf16(whole) <= MAX_TEXT:
            return Fitted(body)
        body["text"] = html.cut(whole, MAX_TEXT, self.escape(mark))
        cut = f"text has {utf16(whole)} characters, and Telegram takes {MAX_TEXT}: it is cut"
        return Fitted(body, (cut,))

    def judge(self, response: Response) -> Judgement | None:
        """Judge by ``ok`` and the description."""
        found = judging.json_of(response)
        said = str(found.get("description") or judging.text_of(response))
        if response.status == judging.TOO_MANY or found.get("error_code") == judging.TOO_MANY:
            asked = seconds_of(judging.part(found, "parameters").get("retry_after"))
            return judging.limited(response, self.label, "a group takes 20 a minute", asked or 1)
        if response.status in judging.SUCCESSES and found.get("ok") is not False:
            return judging.delivered(response)
        moved = judging.part(found, "parameters").get("migrate_to_chat_id")
        if moved is not None:
            hint = f"the group has become a supergroup: set chat_id={moved} in the channel's URL"
            return judging.refused(response, self.label, said, hint)
        hint = next((hint for part, hint in _HINTS if part in said), "see core.telegram.org/bots/api")
        if found.get("ok") is False and response.status < 500:  # noqa: PLR2004 - server errors may pass
            return judging.refused(response, self.label, said, hint)
        return None

    def suggests(self, url: str) -> bool:
        """See ``Preset``."""
        return host_of(url) == HOST

    def refused(self, url: str) -> str | None:
        """Refuse URLs of the API's other methods, and URLs without the chat."""
        parts = split(url)
        if parts is None or path_of(url).rpartition("/")[2] != METHOD:
            return f"This preset calls {METHOD}: use https://{HOST}/bot<token>/{METHOD}?chat_id=<chat>"
        if not dict(parse_qsl(parts.query)).get("chat_id"):
            return f"The URL does not say to whom: add ?chat_id=<chat> (https://{HOST}/bot<token>/{METHOD}?chat_id=<chat>)"
        return None

    def address(self, url: str, body: Mapping[str, Any], routing_key: str | None) -> Addressed:  # noqa: ARG002 - other presets use it
        """Put the chat into the body, where the rest of the message is."""
        parts = urlsplit(url)
        pairs = parse_qsl(parts.query, keep_blank_values=True)
        taken = {name: text for name, text in pairs if name in IN_BODY}
        rest = urlencode([(name, text) for name, text in pairs if name not in IN_BODY])
        plain = urlunsplit((parts.scheme, parts.netloc, parts.path, rest, ""))
        return Addressed(plain, {**taken, **body}, tuple(taken.values()))
