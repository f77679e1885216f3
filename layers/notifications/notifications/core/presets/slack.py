"""Slack's incoming webhooks.

Limits: https://docs.slack.dev/reference/block-kit/blocks. Escapes: https://docs.slack.dev/messaging/formatting-message-text.
"""

import re
from collections.abc import Iterator
from typing import Any

from notifications.core.delivery import Judgement, Response
from notifications.core.errors import LacksContent
from notifications.core.messages import Message, colour
from notifications.core.presets import judging
from notifications.core.presets.common import (
    EMPTY,
    footer,
    host_of,
    link_of,
    one_line,
    path_of,
    shown_time,
    title_of,
)
from notifications.core.presets.cutting import utf16
from notifications.core.presets.escaping import EMOJI, LOOSE_MARK, by_url, percent
from notifications.core.presets.fitting import Fitting, Place, objects, texts
from notifications.core.presets.preset import Fitted, Service, document

MAX_TEXT = 40_000
MAX_TOGETHER = 12_000
"""The most characters of all blocks and attachments; users report ``msg_blocks_too_long`` beyond some 13,000.
"""

MAX_BLOCKS = 50
MAX_ATTACHMENTS = 20
MAX_FIELDS = 10
MAX_ELEMENTS = {"context": 10, "actions": 25}
MAX_FIELD = 2_000
MAX_ALT = 2_000
MAX_BUTTON = 75
MAX_TEXT_OF = {"section": 3_000, "header": 150, "markdown": 12_000, "context": 3_000, "image": 2_000}
MAX_OF_ATTACHMENT = {"title": 1_024, "footer": 300, "text": 8_000, "pretext": 8_000, "fallback": 8_000}

HOSTS = frozenset({"hooks.slack.com", "hooks.slack-gov.com"})
SOFT_HYPHEN = "\u00ad"
ATOM = re.compile(rf"{SOFT_HYPHEN}?&(?:amp|lt|gt);|<[^<>]*>")

_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_FORMATS = re.compile(rf"[&<>`｀＊＿～＞]|{LOOSE_MARK}|{EMOJI}")  # noqa: RUF001 - full-width forms
"""Slack also formats by the full-width forms of its marks."""

_IN_ADDRESS = re.compile(r"[&<>]")
_QUOTE = re.compile(r"(?m)^([^\S\n]*)&gt;")
"""A quote, which Slack also recognises by an entity; it strips blanks before it at the beginning of a text.
"""

_HINTS = {
    "invalid_payload": "the body is not what Slack takes; compare it with docs.slack.dev/block-kit",
    "invalid_blocks": "a block is not as Slack wants it: an empty text, an unknown type or a part too many",
    "invalid_blocks_format": "blocks must be a list of Block Kit's blocks",
    "invalid_attachments": "an attachment is not as Slack wants it",
    "no_text": "the message needs a text, blocks or attachments",
    "missing_text_or_fallback_or_attachments": "the message needs a text, blocks or attachments",
    "too_many_attachments": f"a message has {MAX_ATTACHMENTS} attachments at most",
    "user_not_found": "the webhook's user is gone; make a new webhook and set its URL",
    "channel_not_found": "Slack's channel is gone; make a new webhook and set its URL",
    "channel_is_archived": "unarchive Slack's channel or make a new webhook, then enable this channel",
    "action_prohibited": "an administrator of the workspace forbids this post; ask them",
    "posting_to_general_channel_denied": "not everyone may post to that channel; ask an administrator",
    "team_disabled": "the workspace is gone; make a webhook in another one and set its URL",
    "no_service": "the webhook was removed or switched off; make a new one and set its URL",
    "no_service_id": "the URL is not whole; copy it again from Slack",
    "no_team": "the URL is not whole, or its workspace is gone; copy it again from Slack",
    "invalid_token": "the URL is not whole, or the webhook was revoked; copy it again from Slack",
}
_AGAIN = frozenset(
    {"rollup_error", "internal_error", "fatal_error", "service_unavailable", "request_timeout"}
)


class Slack(Service):
    """See ``Preset``."""

    label = "Slack"
    rate: str | None = "1/s"

    def compose(self, message: Message) -> dict[str, Any]:
        """Make blocks in an attachment, because only that has a colour."""
        title = title_of(message, ATOM)
        blocks: list[dict[str, Any]] = [_section(text=_mrkdwn(message.text))] if message.text.strip() else []
        fields = [_mrkdwn(f"*{one_line(label)}*\n{text.strip() or EMPTY}") for label, text in message.fields]
        blocks += [_section(fields=fields[at : at + MAX_FIELDS]) for at in range(0, len(fields), MAX_FIELDS)]
        if link := link_of(message):
            blocks.append(_section(text=_mrkdwn(f"<{link.replace('&', '&amp;')}|Open>")))
        blocks.append({"type": "context", "elements": [_mrkdwn(f"{_time(message)} · {_source(message)}")]})
        return {
            "text": title,
            "blocks": [_section(text=_mrkdwn(f"*{title}*"))],
            "attachments": [{"color": colour(message.level), "blocks": blocks}],
            "unfurl_links": False,
            "unfurl_media": False,
        }

    def escape(self, text: str) -> str:
        """Write ``& < >`` as entities, and signs of formats as the fallback of an impossible date.

        Slack has no escape for its formats, but shows the fallback of a date as it is.
        """
        made = by_url(text, lambda piece: _FORMATS.sub(_escaped, piece), _address)
        return _QUOTE.sub(rf"\g<1>{SOFT_HYPHEN}&gt;", made)

    def fit(self, body: Any, mark: str) -> Fitted:
        """See ``Preset``."""
        body = document(body, self.label)
        if not any(body.get(name) for name in ("text", "blocks", "attachments")):
            raise LacksContent('Slack shows nothing without text, blocks or attachments: write {"text": ...}')
        body.setdefault("parse", "none")
        fitting = Fitting(self.label, utf16, "characters", self.escape(mark))
        places = list(_places(body, fitting))
        for place in places:
            place.holder[place.key] = place.text if place.text.strip() else EMPTY
        fitting.each(places)
        fitting.all([place for place in places if place.holder is not body], MAX_TOGETHER, "the message")
        return Fitted(body, tuple(fitting.cuts))

    def judge(self, response: Response) -> Judgement | None:
        """Judge by the word in the body: ``ok``, or the name of an error."""
        found = judging.json_of(response)
        said = str(found.get("error") or judging.text_of(response))
        if response.status == judging.TOO_MANY or said in {"rate_limited", "ratelimited"}:
            return judging.limited(response, self.label, "it takes one a second for each webhook", 1)
        if response.status in judging.SUCCESSES:
            if said == "ok" or found.get("ok") is True:
                return judging.delivered(response)
            if found.get("ok") is not False and said not in _HINTS:
                return None
        word = said.partition(":")[0].strip()
        if word in _AGAIN:
            return judging.retried(response, self.label, said, "it is sent again")
        if word in _HINTS or found.get("ok") is False:
            hint = _HINTS.get(word, "see docs.slack.dev for this word")
            return judging.refused(response, self.label, said, hint)
        return None

    def suggests(self, url: str) -> bool:
        """See ``Preset``."""
        return host_of(url) in HOSTS

    def refused(self, url: str) -> str | None:
        """Refuse the webhooks of workflows, which accept variables of their own instead of messages."""
        if host_of(url) in HOSTS and path_of(url).startswith(("/workflows/", "/triggers/")):
            return (
                "This URL starts a workflow of Slack, which takes the workflow's own variables, no messages: "
                "use an incoming webhook (https://hooks.slack.com/services/...), or no preset and a template "
                "that writes the variables"
            )
        return None


def _mrkdwn(text: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def _section(**parts: Any) -> dict[str, Any]:
    return {"type": "section", **parts}


def _time(message: Message) -> str:
    return f"<!date^{int(message.at.timestamp())}^{{date_short_pretty}} {{time_secs}}|{shown_time(message)}>"


def _source(message: Message) -> str:
    return Slack().escape(footer(message))


def _escaped(found: re.Match[str]) -> str:
    return _ENTITIES.get(found[0]) or f"<!date^00000000^{{_}}|{found[0]}>"


def _address(text: str) -> str:
    return _IN_ADDRESS.sub(lambda found: _ENTITIES[found[0]], percent(text))


def _places(body: dict[str, Any], fitting: Fitting) -> Iterator[Place]:
    if isinstance(body.get("text"), str) and body["text"]:
        yield Place(body, "text", "text", MAX_TEXT, ATOM)
    yield from _in_blocks(body, "", fitting)
    attachments = body.get("attachments")
    fitting.listed(attachments, MAX_ATTACHMENTS, "attachments", lambda mark: {"text": mark})
    for attachment, path in objects(attachments, "attachments"):
        given = {name: most for name, most in MAX_OF_ATTACHMENT.items() if attachment.get(name)}
        yield from texts(attachment, given, path, ATOM)
        yield from _in_blocks(attachment, f"{path}.", fitting)


def _in_blocks(holder: dict[str, Any], path: str, fitting: Fitting) -> Iterator[Place]:
    blocks, path = holder.get("blocks"), f"{path}blocks"
    fitting.listed(blocks, MAX_BLOCKS, path, lambda mark: {"type": "context", "elements": [_mrkdwn(mark)]})
    for block, there in objects(blocks, path):
        yield from _in_block(block, there, fitting)


def _in_block(block: dict[str, Any], path: str, fitting: Fitting) -> Iterator[Place]:
    kind = block.get("type")
    most = MAX_TEXT_OF.get(str(kind), MAX_TEXT_OF["section"])
    yield from _in_text(block, "text", path, most)
    yield from _in_text(block, "title", path, MAX_TEXT_OF["image"])
    if isinstance(block.get("alt_text"), str):
        yield Place(block, "alt_text", f"{path}.alt_text", MAX_ALT, ATOM)
    for name, surplus, limit in (
        ("fields", MAX_FIELDS, MAX_FIELD),
        ("elements", MAX_ELEMENTS.get(str(kind)), MAX_BUTTON if kind == "actions" else most),
    ):
        items = block.get(name)
        if isinstance(items, list) and surplus is not None:
            stand_in = None if kind == "actions" else _mrkdwn
            fitting.listed(items, surplus, f"{path}.{name}", stand_in)
            for number in range(len(items)):
                yield from _in_text(items, number, f"{path}.{name}", limit)
    accessory = block.get("accessory")
    if isinstance(accessory, dict):
        yield from _in_text(accessory, "text", f"{path}.accessory", MAX_BUTTON)


def _in_text(holder: Any, key: str | int, path: str, most: int) -> Iterator[Place]:
    """Yield the text of a text object, the text of an element that has one, or a bare text."""
    found = holder.get(key) if isinstance(key, str) else holder[key]
    path = f"{path}.{key}" if isinstance(key, str) else f"{path}[{key}]"
    if isinstance(found, str) and isinstance(key, str):
        yield Place(holder, key, path, most, ATOM)
    elif isinstance(found, dict):
        if found.get("type") == "mrkdwn":
            found.setdefault("verbatim", True)
        inner = found.get("text")
        if isinstance(inner, str):
            yield Place(found, "text", f"{path}.text", most, ATOM)
        elif isinstance(inner, dict):
            yield from _in_text(found, "text", path, most)
