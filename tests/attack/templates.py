"""Hostile templates: when they are saved, tried out, and rendered for an event that others wait for."""

import json
import time
from collections.abc import Callable
from typing import Any

from tests.attack.attack_run import AttackRun
from tests.attack.hostile_events import document
from tests.attack.hostile_templates import ENDLESS, ESCAPED, ESCAPES, FOLDED, NESTED, SLOW
from tests.attack.report import LetThrough
from tests.attack.targeting import mail_spec
from tests.samples import costly_templates as costly
from tests.stack.client import Response

FAMILY = "templates"
ANSWER_SECONDS = 3.0
"""250 ms are promised of a template; the machine has other things to do, and a request has other costs."""

MAX_MESSAGE_BYTES = 256 * 1024
RULES_OF_AN_EVENT = 40
MANY_RULES = 450
MANY_SECONDS = 150.0
BATCH_RULES = 60
BATCH_SECONDS = 120.0
"""Long enough to render all that a batch meets; not for the queue to give a dead function's batch again."""


FIELDS: dict[str, dict[str, str]] = {
    name: {} for name in ("big", "words", "many", "numbers", "emoji", "deep", "text")
}
"""Of the event types here; of any kind."""


def attack(run: AttackRun) -> None:
    """Save, validate and dispatch all of them."""
    texts, escapes = _known(short=run.short)
    stack = run.stack
    rule_type = stack.event_type("attack.templates", FIELDS)
    channels = {
        kind: stack.webhook(f"{run.web.url}/templates", content_type=content_type)
        for kind, content_type in (("text", "text/plain"), ("json", "application/json"))
    }
    victims = {kind: stack.rule(rule_type, channel_id) for kind, channel_id in channels.items()}
    stack.send("POST", f"/notifications/rules/{victims['text']}/validate?custom=true", {})
    slowest = 0.0
    for kind in ("text",) if run.short else ("text", "json"):
        for source in texts + escapes:
            slowest = max(slowest, _by_api(run, rule_type, channels[kind], victims[kind], source))
    for start in range(0, len(texts), RULES_OF_AN_EVENT):
        _by_event(run, channels, texts[start : start + RULES_OF_AN_EVENT], f"{start}")
    _by_event(run, channels, list(escapes), "escapes")
    _by_subject(run)
    if not run.short:
        _by_number(run, channels["text"])
        _by_batch(run, channels["text"])
    run.report.notes.append(
        f"templates: the slowest answer took {slowest:.2f} s; no process took more than"
        f" {run.processes.grown / 1024**2:.0f} MB in a group of them"
    )


def _known(*, short: bool) -> tuple[list[str], list[str]]:
    """List the templates that cost much, and those that look for a way out."""
    looping = [f"{{% for a in range(2000) %}}{body}{{% endfor %}}" for body in costly.LOOPING.values()]
    texts = [*costly.GROWING.values(), *looping, *costly.RECURSIVE.values()]
    texts += [costly.LISTS + expression for expression in costly.SHARED]
    texts += [costly.TUPLES + expression for expression in costly.HASHED]
    texts += [*FOLDED, *NESTED, ENDLESS]
    if short:
        return [*texts[::12], FOLDED[0], NESTED[0], ENDLESS], list(ESCAPES[::4])
    return texts, list(ESCAPES)


def _data(size: int) -> dict[str, Any]:
    """Make fields as large as ``size`` allows: 1 for an event on a bus, 4 for a request."""
    big = 50_000 * size
    fields: dict[str, Any] = {
        "big": "a" * big,
        "words": "a " * (big // 4),
        "many": ["x" * 10] * (big // 16),
        "numbers": list(range(min(20_000, big // 8))),
        "emoji": "\U0001f680" * (big // 10),
        "deep": {"a": {"b": [1] * 1_000}},
        "text": "hello",
    }
    return fields


def _measured(do: Callable[[], Response]) -> Response:
    started = time.monotonic()
    response = do()
    seconds = time.monotonic() - started
    if seconds > ANSWER_SECONDS:
        raise LetThrough(f"the answer took {seconds:.1f} s")
    return response


def _by_api(run: AttackRun, rule_type: str, channel_id: str, victim: str, source: str) -> float:
    """Create and update a rule with it, then render it; return how long the slowest took."""
    call, name = run.stack.send, repr(source[:70])
    seconds = [0.0]
    rule = {"name": "x", "rule_type": rule_type, "channel_id": channel_id, "message_template": source}
    run.processes.start()
    rule_id = ""
    with run.report.attack(FAMILY, f"create {name}"):
        response = _measured(lambda: call("POST", "/notifications/rules", rule))
        seconds.append(response.seconds)
        if response.status == 201:
            rule_id = response.document["rule"]["id"]
        else:
            run.expect_problem(response, 400)
    with run.report.attack(FAMILY, f"update {name}"):
        path = f"/notifications/rules/{victim}?custom=true"
        response = _measured(lambda: call("PATCH", path, {"message_template": source}))
        seconds.append(response.seconds)
        if response.status != 200:
            run.expect_problem(response, 400)
    with run.report.attack(FAMILY, f"validate {name}"):
        run.stack.overwrite("RULE", victim, {"message_template": source})
        body = {"notification_data": _data(4)}
        path = f"/notifications/rules/{victim}/validate?custom=true"
        response = _measured(lambda: call("POST", path, body))
        seconds.append(response.seconds)
        if response.status == 200:
            _bounded(response.document["message"], source)
        else:
            run.expect_problem(response, 400)
        run.processes.check()
    if rule_id:
        call("DELETE", f"/notifications/rules/{rule_id}?custom=true")
    return max(seconds)


def _bounded(message: str, source: str) -> None:
    if len(message.encode()) > MAX_MESSAGE_BYTES:
        raise LetThrough(f"it made {len(message)} characters")
    if source in ESCAPES and any(sign in message for sign in ESCAPED):
        raise LetThrough(f"it got out: {message[:200]!r}")


def _by_event(run: AttackRun, channels: dict[str, str], sources: list[str], name: str) -> None:
    """Write the templates into the table; the last rule of their event must go out all the same."""
    stack = run.stack
    rule_type = stack.event_type(f"attack.dispatch-{name}", FIELDS)
    rules: dict[str, str] = {}
    for kind, channel_id in channels.items():
        for source in sources if kind == "text" else sources[::3]:
            rule_id = stack.rule(rule_type, channel_id)
            stack.overwrite("RULE", rule_id, {"message_template": source})
            rules[rule_id] = source
    good = stack.rule(rule_type, channels["text"], "good {{ text }}")
    run.processes.start()
    deliveries = stack.ended(stack.emit(rule_type, _data(1)), [*rules, good])
    for rule_id, source in rules.items():
        with run.report.attack(FAMILY, f"dispatch {source[:70]!r}"):
            delivery = deliveries[rule_id]
            if delivery["status"] == "delivered":
                _bounded(stack.delivery(delivery["id"])["message"] or "", source)
            elif delivery["error_class"] != "render" and delivery["reason"] != "empty message":
                raise LetThrough(f"its delivery is {delivery}")
    with run.report.attack(FAMILY, f"the good rule beside {len(rules)} hostile ones"):
        run.processes.check()
        if deliveries[good]["status"] != "delivered":
            raise LetThrough(f"it is {deliveries[good]}")


def _by_subject(run: AttackRun) -> None:
    for source in (ENDLESS, FOLDED[0], ESCAPES[0], "{{ 'x' | center(9999) }}"):
        with run.report.attack(FAMILY, f"subject {source[:70]!r}"):
            channel = run.stack.channel(mail_spec(run.mail.address, run.mail.port))
            spec = run.stack.stored_spec(channel["id"]) | {"subject_template": source}
            run.stack.overwrite("CHANNEL", channel["id"], {"spec": json.dumps(spec)})
            response = _measured(lambda: run.stack.validate(channel["id"]))  # noqa: B023 - called at once
            if response.status != 200:
                run.expect_problem(response, 400)


def _by_number(run: AttackRun, channel_id: str) -> None:
    """Let one event meet so many slow templates that their bounds together are more than a function has."""
    stack = run.stack
    rule_type = stack.event_type("attack.many", FIELDS)
    rules = [stack.rule(rule_type, channel_id) for _ in range(MANY_RULES)]
    for rule_id in rules:
        stack.overwrite("RULE", rule_id, {"message_template": SLOW})
    good = stack.rule(rule_type, channel_id, "good {{ text }}")
    with run.report.attack(FAMILY, f"the good rule beside {MANY_RULES} slow templates"):
        run.processes.start()
        event_id = stack.emit(rule_type)
        try:
            delivery = stack.ended(event_id, [good], MANY_SECONDS)[good]
        except TimeoutError as error:
            raise LetThrough(f"it waits: {error}") from None
        run.processes.check()
        if delivery["status"] != "delivered":
            raise LetThrough(f"it is {delivery}")


def _by_batch(run: AttackRun, channel_id: str) -> None:
    """Let nine events of a batch meet slow templates: the tenth, of another type, must not wait for them."""
    stack = run.stack
    hostile, other = (stack.event_type(name, FIELDS) for name in ("batch", "beside"))
    for _ in range(BATCH_RULES):
        stack.overwrite("RULE", stack.rule(hostile, channel_id), {"message_template": SLOW})
    good = stack.rule(other, channel_id, "good {{ text }}")
    last = document(other, detail={"text": "x"})
    messages = [*(document(hostile, detail={"text": "x"}) for _ in range(9)), last]
    entries = [
        {"Id": str(place), "MessageBody": json.dumps(message)} for place, message in enumerate(messages)
    ]
    with run.report.attack(FAMILY, f"the good event beside nine with {BATCH_RULES} slow templates each"):
        run.processes.start()
        stack.sqs.send_message_batch(QueueUrl=stack.event_queue, Entries=entries)
        try:
            delivery = stack.ended(last["id"], [good], BATCH_SECONDS)[good]
        except TimeoutError as error:
            raise LetThrough(f"it waits: {error}") from None
        run.processes.check()
        if delivery["status"] != "delivered":
            raise LetThrough(f"it is {delivery}")
