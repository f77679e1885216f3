"""ntfy: JSON to the root of its server.

Source: https://docs.ntfy.sh/publish/#publish-as-json; limits since v2.28.
"""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

from notifications.core import json_text
from notifications.core.delivery import Judgement, Response
from notifications.core.errors import UnusableBody
from notifications.core.messages import Message
from notifications.core.model import Level
from notifications.core.presets import judging
from notifications.core.presets.common import (
    EMPTY,
    clean,
    footer,
    host_of,
    link_of,
    one_line,
    path_of,
    shown_time,
    title_of,
)
from notifications.core.presets.cutting import NOTHING_SPECIAL, in_json, utf8
from notifications.core.presets.fitting import Fitting, Place, levelled
from notifications.core.presets.preset import Addressed, Fitted, Service, document, mark

MAX_MESSAGE = 4_000
"""In bytes. ntfy turns a message of more than 4,096 into an attachment."""

MAX_TITLE = 1_000
MAX_JSON = 8_000
"""In bytes, of the whole body. ntfy reads 8,192, in which quotes, backslashes and line ends count twice."""

MAX_TAGS = 500
MAX_ACTIONS = 3
HOST = "ntfy.sh"
SUBSCRIPTIONS = frozenset({"json", "sse", "raw", "ws", "auth"})

_TOPIC = re.compile("[-_A-Za-z0-9]{1,64}")
_PRIORITIES: dict[Level, int] = {"info": 3, "success": 3, "warning": 4, "error": 4, "critical": 5}
_TAGS: dict[Level, str] = {
    "info": "information_source",
    "success": "white_check_mark",
    "warning": "warning",
    "error": "x",
    "critical": "rotating_light",
}
_HINTS = {
    40_007: "priority is a number from 1 to 5",
    40_009: "the topic in the channel's URL has characters that topics do not have",
    40_010: "the server does not allow the topic; choose another one",
    40_014: "the message is longer than the server takes",
    40_017: "the body is not what ntfy takes",
    40_018: "the actions are not as ntfy wants them",
    40_024: "the body is not JSON",
    40_101: "the token or the password is wrong",
    40_301: "the token may not write to the topic",
    41_301: "the message is longer than the server takes",
    41_303: "the body is longer than the server takes",
}
_DAILY = 42_908


class Ntfy(Service):
    """See ``Preset``."""

    label = "ntfy"
    rate: str | None = None
    anywhere = True

    def compose(self, message: Message) -> dict[str, Any]:
        """Make a message of plain text, with a sign and a priority."""
        lines = [message.text] if message.text.strip() else []
        lines += [f"{one_line(label) or EMPTY}: {text.strip() or EMPTY}" for label, text in message.fields]
        last = f"{shown_time(message)} · {footer(message)}"
        room = MAX_MESSAGE - utf8(last) - len(lines)
        lines = levelled(lines, room, utf8, NOTHING_SPECIAL, mark(message.event_id))
        body: dict[str, Any] = {
            "title": title_of(message, NOTHING_SPECIAL),
            "message": "\n".join([*lines, last]),
            "priority": _PRIORITIES[message.level],
            "tags": [_TAGS[message.level]],
        }
        if link := link_of(message):
            body["click"] = link
        return body

    def escape(self, text: str) -> str:
        """Keep the text, because ntfy shows it plainly; its apps turn addresses into links to themselves."""
        return clean(text)

    def fit(self, body: Any, mark: str) -> Fitted:
        """See ``Preset``."""
        body = document(body, self.label)
        if body.get("markdown"):
            raise UnusableBody("markdown cannot be used, because values are not escaped for it: leave it out")
        fitting = Fitting(self.label, utf8, "bytes", mark)
        limits = (("message", MAX_MESSAGE), ("title", MAX_TITLE))
        places = [Place(body, name, name, most) for name, most in limits if isinstance(body.get(name), str)]
        fitting.each(places)
        tags = body.get("tags")
        if isinstance(tags, list):
            while tags and utf8(",".join(map(str, tags))) > MAX_TAGS:
                fitting.note(f"tags have more bytes than {MAX_TAGS}", MAX_TAGS)
                tags.pop()
        if isinstance(body.get("actions"), list):
            fitting.listed(body["actions"], MAX_ACTIONS, "actions")
        wide = Fitting(self.label, in_json, "bytes of JSON", mark)
        others = utf8(json_text.compact(body)) - sum(in_json(place.text) for place in places)
        wide.all(places, MAX_JSON - others, "the message")
        return Fitted(body, tuple(dict.fromkeys((*fitting.cuts, *wide.cuts))))

    def judge(self, response: Response) -> Judgement | None:
        """Judge by ntfy's own code."""
        if response.status in judging.SUCCESSES:
            return judging.delivered(response)
        found = judging.json_of(response)
        code, said = judging.number(found, "code"), str(found.get("error") or judging.text_of(response))
        if response.status == judging.TOO_MANY:
            daily = code == _DAILY
            hint = "the day's messages are used up" if daily else "it takes one in 5 s after a burst"
            return judging.limited(response, self.label, hint, 3_600 if daily else 5)
        if code in _HINTS:
            return judging.refused(response, self.label, said, _HINTS[code])
        return None

    def suggests(self, url: str) -> bool:
        """See ``Preset``."""
        host = host_of(url)
        return host == HOST or host.startswith("ntfy.")

    def refused(self, url: str) -> str | None:
        """Refuse a URL without a topic, and one of a topic's subscription."""
        topic = path_of(url).strip("/").rpartition("/")[2]
        if not topic:
            return f"The URL names no topic: use https://{HOST}/<topic>"
        if topic in SUBSCRIPTIONS:
            return f"This is the URL of a subscription: leave out /{topic}"
        if not _TOPIC.fullmatch(unquote(topic)):
            return "A topic has up to 64 letters, digits, hyphens and underscores; this URL's has others"
        return None

    def address(self, url: str, body: Mapping[str, Any], routing_key: str | None) -> Addressed:  # noqa: ARG002 - other presets use it
        """Put the topic into the body, because a message in JSON is posted to the server's root."""
        parts = urlsplit(url)
        before, _, topic = parts.path.rstrip("/").rpartition("/")
        root = urlunsplit((parts.scheme, parts.netloc, f"{before}/", parts.query, ""))
        topic = unquote(topic)
        return Addressed(root, {**body, "topic": topic}, (topic,))
