"""Mattermost's incoming webhooks, which take Markdown and the attachments of Slack.

Source: https://developers.mattermost.com/integrate/webhooks/incoming/.
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
    link_of,
    one_line,
    path_of,
    shown_time,
    title_of,
)
from notifications.core.presets.cutting import utf16
from notifications.core.presets.escaping import (
    ESCAPED,
    IN_MARKDOWN,
    broken_emoji,
    broken_names,
    broken_urls,
    markdown,
    mended_links,
)
from notifications.core.presets.fitting import Fitting, Place, objects, texts
from notifications.core.presets.preset import Fitted, Service, document

MAX_TEXT = 16_383
MAX_ATTACHED = 16_383
"""The most characters of all attachments together, which Mattermost stores in one post."""

TEXTS = dict.fromkeys(("fallback", "pretext", "author_name", "title", "text", "footer"))
TEXTS_OF_FIELD = dict.fromkeys(("title", "value"))
"""The texts of an attachment, and of each of its fields. None has a limit of its own."""

_PATH = re.compile(r"/hooks/[a-z0-9]{26}/?\Z")
_HINTS = {
    "web.incoming_webhook.invalid": "the webhook was deleted; make a new one and set its URL",
    "web.incoming_webhook.disabled": "the server allows no incoming webhooks; ask its administrator",
    "web.incoming_webhook.channel": "Mattermost's channel is gone; choose another in the webhook's settings",
    "web.incoming_webhook.channel_locked": 'the webhook is locked to another channel; leave out "channel"',
    "web.incoming_webhook.permissions": "the webhook's owner may not post there; let another person make one",
    "web.incoming_webhook.user": "the webhook's owner is gone; let another person make one",
    "web.incoming_webhook.text": "the message needs a text or attachments",
    "web.incoming_webhook.parse": "the body is not what Mattermost takes",
    "web.incoming_webhook.split_props_length": "the attachments are too long",
}


class Mattermost(Service):
    """See ``Preset``."""

    label = "Mattermost"
    rate: str | None = None

    def compose(self, message: Message) -> dict[str, Any]:
        """Make one attachment, because only that has a colour."""
        title, link = title_of(message, ESCAPED), link_of(message)
        # Titles of fields, and titles with a link, are not Markdown, so readers would see the escapes there.
        attachment: dict[str, Any] = {
            "fallback": title,
            "color": colour(message.level),
            "title": title,
            "text": f"{message.text}\n\n[Open]({link})" if link else message.text,
            "fields": [
                {
                    "title": "",
                    "value": f"**{one_line(label) or EMPTY}**\n{text.strip() or EMPTY}",
                    "short": True,
                }
                for label, text in message.fields
            ],
            "footer": f"{shown_time(message)} · {footer(message)}",
        }
        return {"text": "", "attachments": [attachment]}

    def escape(self, text: str) -> str:
        """Put backslashes before Markdown, and zero-width spaces into mentions, emoji and addresses."""
        return broken_names(broken_urls(broken_emoji(markdown(text))))

    def fit(self, body: Any, mark: str) -> Fitted:
        """See ``Preset``."""
        body = document(body, self.label)
        if not (body.get("text") or body.get("attachments")):
            raise LacksContent(
                'Mattermost refuses a message without text or attachments: write {"text": ...}'
            )
        fitting = Fitting(self.label, utf16, "characters", self.escape(mark))
        if isinstance(body.get("text"), str):
            body["text"] = mended_links(body["text"], IN_MARKDOWN)
            fitting.each([Place(body, "text", "text", MAX_TEXT, ESCAPED)])
        places = list(_attached(body.get("attachments")))
        for place in places:
            place.holder[place.key] = mended_links(place.text, IN_MARKDOWN)
        fitting.all(places, MAX_ATTACHED, "attachments")
        return Fitted(body, tuple(fitting.cuts))

    def judge(self, response: Response) -> Judgement | None:
        """Judge by the error's id, which Mattermost names in JSON."""
        if response.status in judging.SUCCESSES:
            return judging.delivered(response)
        if response.status == judging.TOO_MANY:
            return judging.limited(response, self.label, "its administrator has set a limit")
        found = judging.json_of(response)
        said = str(found.get("message") or judging.text_of(response))
        name = str(found.get("id", "")).removesuffix(".app_error").removesuffix(".length")
        if name in _HINTS:
            return judging.refused(response, self.label, said, _HINTS[name])
        if response.status == 400:  # noqa: PLR2004 - Bad Request
            hint = "the webhook is gone or switched off, or the body is not what Mattermost takes"
            return judging.refused(response, self.label, said, hint)
        return None

    def suggests(self, url: str) -> bool:
        """See ``Preset``."""
        return _PATH.search(path_of(url)) is not None


def _attached(attachments: Any) -> Iterator[Place]:
    for attachment, path in objects(attachments, "attachments"):
        yield from texts(attachment, TEXTS, path, ESCAPED)
        for field, there in objects(attachment.get("fields"), f"{path}.fields"):
            yield from texts(field, TEXTS_OF_FIELD, there, ESCAPED)
