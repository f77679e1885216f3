"""Microsoft Teams' workflows, which post Adaptive Cards.

Cards: https://learn.microsoft.com/adaptive-cards/authoring-cards/text-features. Size: 28 KB as stored,
in which a card of 24,453 bytes counted 28,897 (msteams-docs#11274).
"""

import json
import re
from collections.abc import Iterator
from datetime import UTC
from typing import Any

from notifications.core.delivery import Judgement, Response
from notifications.core.errors import LacksContent
from notifications.core.messages import Message
from notifications.core.model import Level
from notifications.core.presets import judging
from notifications.core.presets.common import EMPTY, footer, host_of, link_of, one_line, title_of
from notifications.core.presets.escaping import ESCAPED, backslashed_urls, markdown
from notifications.core.presets.fitting import Fitting, Place, walk
from notifications.core.presets.preset import Fitted, Service, document

MAX_STORED = 21_000
"""The largest body, counted as ASCII JSON inside a JSON string: Teams never counts more than that."""

CARD = "application/vnd.microsoft.card.adaptive"
SCHEMA = "http://adaptivecards.io/schemas/adaptive-card.json"
VERSION = "1.4"
TEXTS = frozenset({"text", "title", "value", "label", "altText", "fallbackText", "speak"})

ENDED = ("outlook.office.com", "outlook.office365.com", "webhook.office.com")
OLD = "logic.azure.com"
NEW = "api.powerplatform.com"

_STYLES: dict[Level, tuple[str, str]] = {
    "info": ("accent", "Accent"),
    "success": ("good", "Good"),
    "warning": ("warning", "Warning"),
    "error": ("attention", "Attention"),
    "critical": ("attention", "Attention"),
}
_BRACES = re.compile(r"\{(?:(?<=\{\{)|\Z)")
_ATOM = re.compile(rf"{ESCAPED.pattern}|\{{\{{[A-Z]+\([^{{}}]*\)\}}\}}", re.DOTALL)
_HINTS = {
    "WorkflowTriggerIsNotEnabled": "the workflow is off: its owner left or did not use it; switch it on",
    "WorkflowNotFound": "the workflow was deleted; make a new one and set its URL",
    "TriggerInputSchemaMismatch": "the workflow expects another body; make it from the template "
    '"Send webhook alerts to a channel"',
    "DirectApiAuthorizationRequired": "the workflow takes only signed-in callers; let anyone trigger it",
    "AuthorizationFailed": "the URL is not whole; copy it again, with sp, sv and sig",
    "InvalidSignature": "the URL is not whole; copy it again, with sp, sv and sig",
}


class Teams(Service):
    """See ``Preset``."""

    label = "Teams"
    rate: str | None = "2/s"

    def compose(self, message: Message) -> dict[str, Any]:
        """Make an Adaptive Card."""
        style, shade = _STYLES[message.level]
        title = {**_block(title_of(message, _ATOM)), "weight": "Bolder", "size": "Medium", "color": shade}
        body: list[dict[str, Any]] = [
            {"type": "Container", "style": style, "bleed": True, "items": [title]},
        ]
        if message.text.strip():
            body.append(_block(message.text))
        facts = [
            {"title": one_line(label) or EMPTY, "value": text.strip() or EMPTY}
            for label, text in message.fields
        ]
        body += [{"type": "FactSet", "facts": facts}] if facts else []
        at = f"{message.at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
        last = f"{{{{DATE({at}, SHORT)}}}} {{{{TIME({at})}}}} · {self.escape(footer(message))}"
        body.append({**_block(last), "size": "Small", "isSubtle": True})
        card: dict[str, Any] = {
            "$schema": SCHEMA,
            "type": "AdaptiveCard",
            "version": VERSION,
            "body": body,
            "msteams": {"width": "Full"},
        }
        if link := link_of(message):
            card["actions"] = [{"type": "Action.OpenUrl", "title": "Open", "url": link}]
        return {
            "type": "message",
            "attachments": [{"contentType": CARD, "contentUrl": None, "content": card}],
        }

    def escape(self, text: str) -> str:
        """Put backslashes before Markdown and addresses, and into braces that call a card's function."""
        return _BRACES.sub(r"\\{", backslashed_urls(markdown(text)))

    def fit(self, body: Any, mark: str) -> Fitted:
        """See ``Preset``."""
        body = document(body, self.label)
        _check_cards(body)
        fitting = Fitting(self.label, _stored, "bytes as stored", self.escape(mark))
        places = list(_texts(body))
        others = _stored_json(body) - sum(_stored(place.text) for place in places)
        fitting.all(places, MAX_STORED - others, "the message")
        return Fitted(body, tuple(fitting.cuts))

    def problems(self, body: Any) -> list[str]:
        """Add what Teams accepts but does not show as intended."""
        found = super().problems(body)
        if not isinstance(body, dict):
            return found
        for content in (card.get("content") for card in _cards(body)):
            version = content.get("version") if isinstance(content, dict) else None
            if isinstance(version, str) and _later(version):
                found.append(f"version {version} of cards is later than {VERSION}, which is what Teams shows")
        found += [f'{path} has no "wrap": true, so Teams cuts it after one line' for path in _unwrapped(body)]
        return found

    def judge(self, response: Response) -> Judgement | None:
        """Judge by the status; the reason has the workflow's own error."""
        if response.status == judging.TOO_MANY:
            return judging.limited(response, self.label, "it takes some 4 a second for each workflow")
        said = judging.text_of(response)
        if response.status in judging.SUCCESSES:
            if "HTTP error" in said:  # the old connectors, and flows that pass their answer on
                return judging.retried(response, self.label, said, "it is sent again")
            what = "the workflow accepted it, and posts it afterwards; its run history has what became of it"
            return judging.delivered(response, what)
        found = judging.part(judging.json_of(response), "error")
        code = str(found.get("code", ""))
        if code in _HINTS:
            return judging.refused(response, self.label, str(found.get("message") or code), _HINTS[code])
        if response.status in {401, 403}:
            hint = "the URL is not whole; copy it again, with sp, sv and sig"
            return judging.refused(response, self.label, said, hint)
        return None

    def suggests(self, url: str) -> bool:
        """See ``Preset``."""
        host = host_of(url)
        return any(host == end or host.endswith(f".{end}") for end in (*ENDED, OLD, NEW))

    def refused(self, url: str) -> str | None:
        """Refuse the URLs of services that Microsoft has ended."""
        host = host_of(url)
        if any(host == end or host.endswith(f".{end}") for end in ENDED):
            return f"Microsoft has ended the connectors of Office 365: {_MAKE}"
        if host == OLD or host.endswith(f".{OLD}"):
            return f"Microsoft ended the workflows' URLs at {OLD} on 2025-11-30: {_MAKE}"
        return None


_MAKE = (
    'in Teams, open the channel\'s menu, Workflows, choose "Send webhook alerts to a channel", and use the '
    f"URL that it shows (https://....{NEW}/...)"
)


def _block(text: str) -> dict[str, Any]:
    return {"type": "TextBlock", "text": text, "wrap": True}


def _stored(text: str) -> int:
    return len(json.dumps(json.dumps(text)[1:-1])) - 2


def _stored_json(body: dict[str, Any]) -> int:
    return len(json.dumps(json.dumps(body, separators=(",", ":")))) - 2


def _later(version: str) -> bool:
    try:
        return [int(part) for part in version.split(".")] > [int(part) for part in VERSION.split(".")]
    except ValueError:
        return False


def _cards(body: dict[str, Any]) -> list[dict[str, Any]]:
    attachments = body.get("attachments")
    return [each for each in attachments if isinstance(each, dict)] if isinstance(attachments, list) else []


def _check_cards(body: dict[str, Any]) -> None:
    """Refuse a message without a card.

    Raises:
        LacksContent: Teams would accept it and show nothing.
    """
    cards = _cards(body)
    if not any(isinstance(card.get("content"), dict) for card in cards):
        wanted = f'{{"type": "message", "attachments": [{{"contentType": "{CARD}", "content": {{...}}}}]}}'
        why = "the card stands alone" if body.get("type") == "AdaptiveCard" else "it has no card"
        raise LacksContent(f"Teams would take this message and show nothing, because {why}: write {wanted}")
    body.setdefault("type", "message")


def _texts(body: Any) -> Iterator[Place]:
    for holder, key, path in walk(body):
        if key in TEXTS and isinstance(holder[key], str):
            yield Place(holder, key, path, None, _ATOM)


def _unwrapped(body: Any) -> Iterator[str]:
    for holder, key, path in walk(body):
        block = holder[key]
        if isinstance(block, dict) and block.get("type") == "TextBlock" and block.get("wrap") is not True:
            yield path
