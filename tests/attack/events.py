"""Hostile events: what is in their fields must arrive as it is, and what is no event must be refused."""

import json
from collections.abc import Mapping
from email import message_from_string
from email.policy import default
from typing import Any

from local.waiting import until
from tests.attack.board import LetThrough
from tests.attack.ground import MAIL_PORT, Ground
from tests.attack.hostile_events import TEXTS, document, hostile_messages
from tests.attack.targeting import mail_spec

FAMILY = "events"
PATH = "/events"
TEMPLATE = '{"n": {{ n }}, "inside": "{{ text }}", "outside": {{ text }}, "tojson": {{ text | tojson }}}'
MAX_MAIL_SUBJECT = 250


def attack(ground: Ground) -> None:
    """Put all of them on the bus, or into the queue itself."""
    field = ground.field
    rule_type = field.event_type("events", {"n": {}, "text": {"type": "string"}})
    webhook = field.webhook(f"{ground.web.url}{PATH}")
    field.rule(rule_type, webhook, TEMPLATE)
    spec = mail_spec(ground.mail.address, MAIL_PORT)
    spec["message"]["subject_template"] = "{{ n }} {{ text }}"
    field.rule(rule_type, field.channel(spec)["id"], "{{ text }}")
    texts = TEXTS[::3] if ground.short else TEXTS
    before = len(ground.mail.mails)
    _texts(ground, rule_type, texts)
    _mails(ground, before, texts)
    _documents(ground, rule_type)
    _spoofed(ground, rule_type)


def _texts(ground: Ground, rule_type: str, texts: tuple[str, ...]) -> None:
    for number, text in enumerate(texts):
        ground.field.emit(rule_type, {"n": number, "text": text})
    for number, text in enumerate(texts):
        with ground.board.attack(FAMILY, f"text {text[:50]!r}"):
            message = _arrived(ground, number)
            if message != {"n": number, "inside": text, "outside": text, "tojson": text}:
                raise LetThrough(f"it became {str(message)[:200]}")


def _arrived(ground: Ground, number: int) -> Any:
    def look() -> Any:
        bodies = [request.body.decode() for request in ground.web.at(PATH)]
        return [body for body in bodies if body.startswith(f'{{"n": {number},')]

    (body, *_) = until(f"the webhook of number {number} comes", look)
    try:
        return json.loads(body)
    except ValueError:
        raise LetThrough(f"it is no JSON any more: {body[:200]}") from None


def _mails(ground: Ground, before: int, texts: tuple[str, ...]) -> None:
    """Look at the mails that came since there were ``before``; their subjects begin with their numbers."""

    def look() -> dict[str, Any] | None:
        mails = [message_from_string(mail, policy=default) for mail in ground.mail.mails[before:]]
        found = {str(mail["Subject"]).split(" ")[0]: mail for mail in mails}
        return found if len(found) >= len(texts) else None

    mails = until("all mails come", look)
    for number, text in enumerate(texts):
        with ground.board.attack(FAMILY, f"mail of {text[:50]!r}"):
            mail = mails[str(number)]
            names = [name.lower() for name in mail.keys()]  # noqa: SIM118 - a header may be there twice
            if len(names) != len(set(names)) or {"bcc", "cc"} & set(names):
                raise LetThrough(f"it has the headers {names}")
            if mail.get_content_type() != "text/plain" or mail["To"] != "ops@example.com":
                raise LetThrough(f"it is {mail.get_content_type()} to {mail['To']}")
            if len(mail["Subject"]) > MAX_MAIL_SUBJECT:
                raise LetThrough(f"its subject has {len(mail['Subject'])} characters")
            if mail.get_content().split() != text.split():
                raise LetThrough(f"its text is {mail.get_content()[:100]!r}")
    with ground.board.attack(FAMILY, "no mail to anybody else"):
        strange = [line for line in ground.mail.heard if "evil@" in line]
        came = len(ground.mail.mails) - before
        if strange or came != len(texts):
            raise LetThrough(f"{came} mails of {len(texts)} events; heard {strange[:3]}")


def _documents(ground: Ground, rule_type: str) -> None:
    """Put messages into the queue itself, ten at a time; a good one among them must go out."""
    sqs = ground.field.stack.client("sqs")
    queue = ground.field.queue("EventQueue")
    hostile = list(hostile_messages(rule_type))[:: 6 if ground.short else 1]
    for start in range(0, len(hostile), 9):
        some = hostile[start : start + 9]
        good = document(rule_type, detail={"n": 1_000 + start, "text": "good"})
        bodies = [*(body for _, body in some), json.dumps(good)]
        entries = [{"Id": str(place), "MessageBody": body} for place, body in enumerate(bodies)]
        sent = sqs.send_message_batch(QueueUrl=queue, Entries=entries)["Successful"]
        ids = {one["Id"]: one["MessageId"] for one in sent}
        with ground.board.attack(FAMILY, f"the good one beside {len(some)} hostile ones"):
            _arrived(ground, 1_000 + start)
        for place, (name, body) in enumerate(some):
            with ground.board.attack(FAMILY, f"queue: {name}"):
                _refused(ground, body, ids[str(place)])
    _surrogate(ground, rule_type, queue)
    with ground.board.attack(FAMILY, "none of them was delivered"):
        if came := [one.body for one in ground.web.at(PATH) if b"9999" in one.body or b"hostile" in one.body]:
            raise LetThrough(str(came[:3]))


def _surrogate(ground: Ground, rule_type: str, queue: str) -> None:
    """Half a character in a field must come as JSON has it, or not at all; its record must be readable."""
    message = document(rule_type, detail={"n": 3_000, "text": "\ud800"})
    ground.field.stack.client("sqs").send_message(QueueUrl=queue, MessageBody=json.dumps(message))

    def look() -> Any:
        return ground.field.call("GET", f"/notifications/events/{message['id']}").document.get("event")

    with ground.board.attack(FAMILY, "half a character"):
        event = until("it has a record", look)
        if event["status"] == "dispatched" and event["counts"].get("delivered"):
            _arrived(ground, 3_000)


def _refused(ground: Ground, body: str, message_id: str) -> None:
    """Want a record of the event that says that it is refused; it has the event's id, or the message's."""
    try:
        read = json.loads(body, parse_int=float)
    except (ValueError, RecursionError):
        read = None
    own = read.get("id") if isinstance(read, Mapping) else None
    usable = isinstance(own, str) and own.isascii() and own.replace("-", "").isalnum() and len(own) < 100
    event_id = own if usable else message_id

    def look() -> Any:
        answer = ground.field.call("GET", f"/notifications/events/{event_id}")
        if answer.status >= 500:
            raise LetThrough(f"its record cannot be shown: {answer.text}")
        return answer.document.get("event")

    event = until(f"event {event_id} has a record", look)
    if event["status"] != "refused" or not event["reason"]:
        raise LetThrough(f"it is {event['status']}: {event['reason']}")


def _spoofed(ground: Ground, rule_type: str) -> None:
    """Put events of other sources on the bus: its rule must hand none of them on."""
    client, bus = ground.field.stack.client("events"), ground.field.outputs["EventBusName"]
    sources = ("somebody.else", "aws.backend.ai", "xbackend.ai", "Backend.AI", "backend-ai")
    for place, source in enumerate(sources):
        detail = json.dumps({"n": 2_000 + place, "text": "spoofed"})
        entry = {"EventBusName": bus, "Source": source, "DetailType": rule_type, "Detail": detail}
        client.put_events(Entries=[entry])
    ground.field.emit(rule_type, {"n": 2_999, "text": "good"})
    for place, source in enumerate(sources):
        with ground.board.attack(FAMILY, f"source {source}"):
            _arrived(ground, 2_999)
            if any(one.body.startswith(f'{{"n": {2_000 + place},'.encode()) for one in ground.web.at(PATH)):
                raise LetThrough("it was delivered")
