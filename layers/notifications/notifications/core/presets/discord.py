"""Discord's webhooks.

Limits: https://discord.com/developers/docs/resources/message#embed-object-embed-limits.
"""

import re
from collections.abc import Iterator
from typing import Any

from notifications.core.delivery import Judgement, Response
from notifications.core.errors import LacksContent
from notifications.core.messages import COLOURS, Message
from notifications.core.presets import judging
from notifications.core.presets.common import (
    EMPTY,
    footer,
    host_of,
    link_of,
    one_line,
    path_of,
    title_of,
)
from notifications.core.presets.cutting import NOTHING_SPECIAL, utf16
from notifications.core.presets.escaping import ESCAPED, GAP, backslashed_urls, broken_emoji, markdown
from notifications.core.presets.fitting import Fitting, Place, objects, texts
from notifications.core.presets.preset import Fitted, Service, document

MAX_CONTENT = 2_000
MAX_USERNAME = 80
MAX_EMBEDS = 10
MAX_FIELDS = 25
MAX_OF_EMBED = {"title": 256, "description": 4_096}
MAX_OF_PART = {"footer": {"text": 2_048}, "author": {"name": 256}}
MAX_OF_FIELD = {"name": 256, "value": 1_024}
MAX_EMBEDDED = 6_000
"""The most characters of all embeds together."""

NO_MENTIONS = {"parse": list[str]()}
SHOWN = ("content", "embeds", "components", "poll", "attachments")
HOSTS = frozenset({"discord.com", "discordapp.com", "canary.discord.com", "ptb.discord.com"})

_EVERYONE = re.compile(r"@(?=everyone|here)", re.IGNORECASE)
_HINTS = {
    10_015: "the webhook was deleted; make a new one and set its URL",
    50_027: "the URL is not whole, or the webhook was deleted; copy it again from Discord",
    50_006: "the message is empty",
    50_035: "a part of the body is not as Discord wants it",
    220_001: "a webhook of a forum wants thread_name or thread_id; write it into the template or the URL",
}
MAX_FAULTS = 3


class Discord(Service):
    """See ``Preset``."""

    label = "Discord"
    rate: str | None = "30/m"

    def compose(self, message: Message) -> dict[str, Any]:
        """Make one embed."""
        fields = [
            {"name": one_line(label) or EMPTY, "value": text.strip() or EMPTY, "inline": True}
            for label, text in message.fields
        ]
        more = [f"**{field['name']}**: {field['value']}" for field in fields[MAX_FIELDS - 1 :]]
        fields = fields[: MAX_FIELDS - 1]
        fields.append({"name": "Time", "value": f"<t:{int(message.at.timestamp())}:F>", "inline": False})
        embed: dict[str, Any] = {
            "title": title_of(message, ESCAPED),
            "color": COLOURS[message.level],
            "fields": fields,
            "footer": {"text": footer(message)},
        }
        if text := "\n".join([*([message.text] if message.text.strip() else []), *more]):
            embed["description"] = text
        if link := link_of(message):
            embed["url"] = link
        return {"embeds": [embed], "allowed_mentions": dict(NO_MENTIONS)}

    def escape(self, text: str) -> str:
        """Put backslashes before Markdown and addresses, and break mentions and emoji."""
        text = backslashed_urls(broken_emoji(markdown(text)))
        return _EVERYONE.sub(f"@{GAP}", text)

    def fit(self, body: Any, mark: str) -> Fitted:
        """See ``Preset``."""
        body = document(body, self.label)
        if not any(body.get(name) for name in SHOWN):
            raise LacksContent('Discord shows nothing without content or embeds: write {"content": ...}')
        body.setdefault("allowed_mentions", dict(NO_MENTIONS))
        fitting = Fitting(self.label, utf16, "characters", self.escape(mark))
        if isinstance(body.get("content"), str):
            fitting.each([Place(body, "content", "content", MAX_CONTENT, ESCAPED)])
        if isinstance(body.get("username"), str):
            fitting.each([Place(body, "username", "username", MAX_USERNAME)])
        places = list(_in_embeds(body, fitting))
        fitting.each(places)
        fitting.all(places, MAX_EMBEDDED, "embeds")
        return Fitted(body, tuple(fitting.cuts))

    def judge(self, response: Response) -> Judgement | None:
        """Judge by Discord's own code; the reason has the path of each fault."""
        if response.status in judging.SUCCESSES:
            return judging.delivered(response)
        if response.status == judging.TOO_MANY:
            return judging.limited(response, self.label, "it takes some 30 a minute for each channel", 2)
        found = judging.json_of(response)
        code = judging.number(found, "code")
        if code not in _HINTS:
            return None
        faults = list(_faults(found.get("errors"), ""))[:MAX_FAULTS]
        said = str(found.get("message", ""))
        hint = f"{_HINTS[code]} (code {code}){': ' if faults else ''}{'; '.join(faults)}"
        return judging.refused(response, self.label, said, hint)

    def suggests(self, url: str) -> bool:
        """See ``Preset``."""
        return host_of(url) in HOSTS and path_of(url).startswith("/api/")

    def refused(self, url: str) -> str | None:
        """Refuse the URLs at which Discord accepts other services' messages."""
        if host_of(url) in HOSTS and path_of(url).rstrip("/").endswith(("/slack", "/github")):
            return "At this URL Discord takes another service's messages: leave out its last part"
        return None


def _in_embeds(body: dict[str, Any], fitting: Fitting) -> Iterator[Place]:
    embeds = body.get("embeds")
    fitting.listed(embeds, MAX_EMBEDS, "embeds", lambda mark: {"description": mark})
    for embed, path in objects(embeds, "embeds"):
        yield from texts(embed, MAX_OF_EMBED, path, ESCAPED)
        for part, limits in MAX_OF_PART.items():
            if isinstance(embed.get(part), dict):
                yield from texts(embed[part], limits, f"{path}.{part}", NOTHING_SPECIAL)
        yield from _in_fields(embed.get("fields"), f"{path}.fields", fitting)


def _in_fields(fields: Any, path: str, fitting: Fitting) -> Iterator[Place]:
    fitting.listed(fields, MAX_FIELDS, path, lambda mark: {"name": "More", "value": mark})
    for field, there in objects(fields, path):
        for name in MAX_OF_FIELD:
            # Discord trims texts, and refuses a field that is then empty.
            if not str(field.get(name, "")).strip():
                field[name] = EMPTY
        yield from texts(field, MAX_OF_FIELD, there, ESCAPED)


def _faults(errors: Any, path: str) -> Iterator[str]:
    """Yield what Discord says about each part of the body, with its path."""
    if not isinstance(errors, dict):
        return
    for name, inner in errors.items():
        if name == "_errors" and isinstance(inner, list):
            yield from (f"{path}: {one.get('message', '')}" for one in inner if isinstance(one, dict))
        else:
            yield from _faults(inner, f"{path}.{name}" if path else str(name))
