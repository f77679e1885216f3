"""Hostile events: what is in their fields must arrive as it is, and what is no event must be refused."""

import json
from collections.abc import Mapping
from email import message_from_bytes
from email.policy import default
from typing import Any

from local.waiting import until
from tests.attack.attack_run import MAIL_PORT, AttackRun
from tests.attack.hostile_events import TEXTS, document, hostile_messages
from tests.attack.report import LetThrough
from tests.attack.targeting import mail_spec

FAMILY = "events"
PATH = "/events"
TEMPLATE = '{"n": {{ n }}, "inside": "{{ text }}", "outside": {{ text }}, "tojson": {{ text | tojson }}}'
MAX_MAIL_SUBJECT = 250


def attack(run: AttackRun) -> None:
    """Put all of them on the bus, or into the queue itself."""
    stack = run.stack
    rule_type = stack.event_type("attack.events", {"n": {}, "text": {"type": "string"}})
    # Its hostile receivers have left dead connections behind, on which an attempt may end.
    webhook = stack.webhook(f"{run.web.url}{PATH}", retry=[2, 5])
    stack.rule(rule_type, webhook, TEMPLATE)
    spec = mail_spec(run.mail.address, MAIL_PORT)
    spec["message"]["subject_template"] = "{{ n }} {{ text }}"
    stack.rule(rule_type, stack.channel(spec)["id"], "{{ text }}")
    texts = TEXTS[::3] if run.short else TEXTS
    before = len(run.mail.mails)
    _texts(run, rule_type, texts)
    _mails(run, before, texts)
    _documents(run, rule_type)
    _spoofed(run, rule_type)


def _texts(run: AttackRun, rule_type: str, texts: tuple[str, ...]) -> None:
    for number, text in enumerate(texts):
        run.stack.emit(rule_type, {"n": number, "text": text})
    for number, text in enumerate(texts):
        with run.report.attack(FAMILY, f"text {text[:50]!r}"):
            message = _arrived(run, number)
            if message != {"n": number, "inside": text, "outside": text, "tojson": text}:
                raise LetThrough(f"it became {str(message)[:200]}")


def _arrived(run: AttackRun, number: int) -> Any:
    def look() -> Any:
        bodies = [request.body.decode() for request in run.web.at(PATH)]
        return [body for body in bodies if body.startswith(f'{{"n": {number},')]

    (body, *_) = until(f"the webhook of number {number} comes", look)
    try:
        return json.loads(body)
    except ValueError:
        raise LetThrough(f"it is no JSON any more: {body[:200]}") from None


def _mails(run: AttackRun, before: int, texts: tuple[str, ...]) -> None:
    """Look at the mails that came since there were ``before``; their subjects begin with their numbers."""

    def look() -> dict[str, Any] | None:
        mails = [message_from_bytes(mail, policy=default) for mail in run.mail.mails[before:]]
        found = {str(mail["Subject"]).split(" ")[0]: mail for mail in mails}
        return found if len(found) >= len(texts) else None

    mails = until("all mails come", look)
    for number, text in enumerate(texts):
        with run.report.attack(FAMILY, f"mail of {text[:50]!r}"):
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
    with run.report.attack(FAMILY, "no mail to anybody else"):
        strange = [line for line in run.mail.heard if "evil@" in line]
        came = len(run.mail.mails) - before
        if strange or came != len(texts):
            raise LetThrough(f"{came} mails of {len(texts)} events; heard {strange[:3]}")


def _documents(run: AttackRun, rule_type: str) -> None:
    """Put messages into the queue itself, ten at a time; a good one among them must go out."""
    sqs = run.stack.sqs
    queue = run.stack.event_queue
    hostile = list(hostile_messages(rule_type))[:: 6 if run.short else 1]
    for start in range(0, len(hostile), 9):
        some = hostile[start : start + 9]
        good = document(rule_type, detail={"n": 1_000 + start, "text": "good"})
        bodies = [*(body for _, body in some), json.dumps(good)]
        entries = [{"Id": str(place), "MessageBody": body} for place, body in enumerate(bodies)]
        sent = sqs.send_message_batch(QueueUrl=queue, Entries=entries)["Successful"]
        ids = {one["Id"]: one["MessageId"] for one in sent}
        with run.report.attack(FAMILY, f"the good one beside {len(some)} hostile ones"):
            _arrived(run, 1_000 + start)
        for place, (name, body) in enumerate(some):
            with run.report.attack(FAMILY, f"queue: {name}"):
                _refused(run, body, ids[str(place)])
    _surrogate(run, rule_type, queue)
    with run.report.attack(FAMILY, "none of them was delivered"):
        if came := [one.body for one in run.web.at(PATH) if b"9999" in one.body or b"hostile" in one.body]:
            raise LetThrough(str(came[:3]))


def _surrogate(run: AttackRun, rule_type: str, queue: str) -> None:
    """Half a character in a field must come as JSON has it, or not at all; its record must be readable."""
    message = document(rule_type, detail={"n": 3_000, "text": "\ud800"})
    run.stack.sqs.send_message(QueueUrl=queue, MessageBody=json.dumps(message))

    def look() -> Any:
        return run.stack.send("GET", f"/notifications/events/{message['id']}").document.get("event")

    with run.report.attack(FAMILY, "half a character"):
        event = until("it has a record", look)
        if event["status"] == "dispatched" and event["counts"].get("delivered"):
            _arrived(run, 3_000)


def _refused(run: AttackRun, body: str, message_id: str) -> None:
    """Want a record of the event that says that it is refused; it has the event's id, or the message's."""
    try:
        read = json.loads(body, parse_int=float)
    except (ValueError, RecursionError):
        read = None
    own = read.get("id") if isinstance(read, Mapping) else None
    usable = isinstance(own, str) and own.isascii() and own.replace("-", "").isalnum() and len(own) < 100
    event_id = own if usable else message_id

    def look() -> Any:
        response = run.stack.send("GET", f"/notifications/events/{event_id}")
        if response.status >= 500:
            raise LetThrough(f"its record cannot be shown: {response.text}")
        return response.document.get("event")

    event = until(f"event {event_id} has a record", look)
    if event["status"] != "refused" or not event["reason"]:
        raise LetThrough(f"it is {event['status']}: {event['reason']}")


def _spoofed(run: AttackRun, rule_type: str) -> None:
    """Put events of other sources on the bus: its rule must hand none of them on."""
    client, bus = run.stack.stack.client("events"), run.stack.outputs["EventBusName"]
    sources = ("somebody.else", "aws.backend.ai", "xbackend.ai", "Backend.AI", "backend-ai")
    for place, source in enumerate(sources):
        detail = json.dumps({"n": 2_000 + place, "text": "spoofed"})
        entry = {"EventBusName": bus, "Source": source, "DetailType": rule_type, "Detail": detail}
        client.put_events(Entries=[entry])
    run.stack.emit(rule_type, {"n": 2_999, "text": "good"})
    for place, source in enumerate(sources):
        with run.report.attack(FAMILY, f"source {source}"):
            _arrived(run, 2_999)
            if any(one.body.startswith(f'{{"n": {2_000 + place},'.encode()) for one in run.web.at(PATH)):
                raise LetThrough("it was delivered")
