"""Send to receivers that misbehave: it must cost little, tell nothing, and keep nobody else waiting."""

import ssl
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from local.waiting import until
from tests.attack.board import LetThrough
from tests.attack.ground import MAIL_PORT, Ground
from tests.attack.misbehaviours import BEHAVIOURS, GOOD, RETRY_AFTER, SHORT
from tests.attack.receivers import answer, plain
from tests.attack.targeting import mail_spec

FAMILY = "receivers"
TIMEOUT_SECONDS = 2
SLACK_SECONDS = 3.0
MAX_ANSWER_BYTES = 8 * 1024
LONGEST_WAIT = timedelta(hours=1, minutes=15)
"""An hour is what is heeded of Retry-After; the rest is jitter."""


def attack(ground: Ground) -> None:
    """Test and deliver to all of them; then to a good one."""
    behaviours = [name for name in BEHAVIOURS if not ground.short or name in SHORT]
    field = ground.field
    rule_type = field.event_type("receivers", {})
    channels = {
        name: field.webhook(
            f"{ground.web.url}/{name}", timeout=TIMEOUT_SECONDS, headers=ground.planted.headers
        )
        for name in behaviours
    }
    rules = {name: field.rule(rule_type, channel_id) for name, channel_id in channels.items()}
    good = field.rule(rule_type, field.webhook(f"{ground.web.url}/good-one"))
    if not ground.is_open:
        _impostor(ground)
    for name, channel_id in channels.items():
        _test(ground, name, channel_id)
    ground.processes.start()
    started = time.monotonic()
    event_id = field.emit(rule_type)
    with ground.board.attack(FAMILY, f"the good one beside {len(rules)} bad ones"):
        until("it gets its webhook", lambda: ground.web.at("/good-one"), 30)
        ground.board.notes.append(
            f"receivers: beside {len(rules)} bad ones a good one had its webhook after"
            f" {time.monotonic() - started:.1f} s"
        )
    deliveries = field.ended(event_id, [*rules.values(), good])
    for name, rule_id in rules.items():
        with ground.board.attack(FAMILY, f"delivery {name}"):
            _judge(ground, name, field.delivery(deliveries[rule_id]["id"]))
    with ground.board.attack(FAMILY, "memory of deliveries"):
        ground.processes.check()
    _retry_after(ground)
    _mail(ground)
    with ground.board.attack(FAMILY, "after all of them a good one"):
        delivered = field.ended(field.emit(rule_type), [good])[good]
        if delivered["status"] != "delivered":
            raise LetThrough(f"it is {delivered}")


def _test(ground: Ground, name: str, channel_id: str) -> None:
    ground.processes.start()
    with ground.board.attack(FAMILY, f"test send {name}"):
        answered = ground.field.validate(channel_id)
        if answered.seconds > TIMEOUT_SECONDS + SLACK_SECONDS:
            raise LetThrough(f"it took {answered.seconds:.1f} s")
        if answered.status == 200 and name not in GOOD:
            raise LetThrough("it counts as delivered")
        if answered.status != 200:
            ground.expect_problem(answered, 500)
        if len(answered.body) > MAX_ANSWER_BYTES:
            raise LetThrough(f"the answer has {len(answered.body)} bytes")
        ground.planted.want_none(answered.body.decode(errors="replace"))
        ground.processes.check()


def _judge(ground: Ground, name: str, delivery: dict[str, Any]) -> None:
    if delivery["status"] == "delivered" and name not in GOOD:
        raise LetThrough("it counts as delivered")
    ground.planted.want_none(str(delivery))
    for attempt in delivery["attempts"]:
        if (
            len((attempt["answer"] or "").encode()) > 3 * MAX_ANSWER_BYTES
        ):  # a byte that is no text takes three
            raise LetThrough(f"{len(attempt['answer'])} characters of its answer are kept")
        if attempt["seconds"] > TIMEOUT_SECONDS + SLACK_SECONDS:
            raise LetThrough(f"an attempt took {attempt['seconds']} s")
    requests = ground.web.at(f"/{name}")
    if len(requests) > 1 + delivery["attempt_count"]:
        raise LetThrough(f"it was asked {len(requests)} times")
    if any("attacked=1" in request.head for request in requests):
        raise LetThrough("its cookie was sent back")


def _retry_after(ground: Ground) -> None:
    rule_type = ground.field.event_type("retry-after", {})
    waits = {}
    for number, value in enumerate(RETRY_AFTER):
        ground.web.behaviours[f"retry-{number}"] = answer(plain("429 X", f"Retry-After: {value}"))
        channel = ground.field.channel({"url": f"{ground.web.url}/retry-{number}"}, retry=[60])
        waits[ground.field.rule(rule_type, channel["id"])] = value
    event_id = ground.field.emit(rule_type)
    for rule_id, value in waits.items():
        with ground.board.attack(FAMILY, f"Retry-After {value[:40]}"):

            def look(rule_id: str = rule_id) -> Any:
                found = ground.field.call("GET", f"/notifications/deliveries/{event_id}_{rule_id}")
                return found.document.get("delivery", {}).get("next_attempt_at")

            until("it is to be tried again", look, 30)
            next_attempt = ground.field.delivery(f"{event_id}_{rule_id}")["next_attempt_at"]
            if datetime.fromisoformat(next_attempt) > datetime.now(UTC) + LONGEST_WAIT:
                raise LetThrough(f"it is put off until {next_attempt}")


def _impostor(ground: Ground) -> None:
    """Answer with a certificate of an authority that nobody trusts: it must get nothing."""
    channel_id = ground.field.webhook(f"{ground.web.url}/impostor", headers=ground.planted.headers)
    for name, context in ground.planted.impostors.items():
        right, ground.web.context = ground.web.context, context
        with ground.board.attack(FAMILY, f"certificate {name}"):
            try:
                ground.expect_problem(ground.field.validate(channel_id), 500)
                if ground.web.at("/impostor"):
                    raise LetThrough("it got the message")
            finally:
                ground.web.context = right


def _mail(ground: Ground) -> None:
    server = ground.mail
    auth = {"auth": {"username": "attacked", "password": ground.planted.password}}
    impostor: ssl.SSLContext | None = next(iter(ground.planted.impostors.values()))
    modes: list[tuple[str, ssl.SSLContext | None, bool]] = [
        *(("garbage", None, False), ("echo", None, False), ("good", None, True), ("good", impostor, True)),
        *(() if ground.short else (("hang", None, False), ("endless", None, False))),
    ]
    for mode, context, tls in modes:
        spec = mail_spec(server.address, MAIL_PORT, **auth)
        spec["smtp"]["use_tls"] = tls
        channel_id = ground.field.channel(spec)["id"]
        server.mode, server.context = mode, context
        heard = len(server.heard)
        name = f"mail server: {mode}{' without TLS that is wanted' if tls and not context else ''}"
        with ground.board.attack(FAMILY, f"{name}{' with a wrong certificate' if context else ''}"):
            answered = ground.field.validate(channel_id)
            ground.expect_problem(answered, 500)
            ground.planted.want_none(answered.body.decode(errors="replace"))
            said = [line for line in server.heard[heard:] if line[:4].upper() in {"AUTH", "MAIL", "DATA"}]
            if tls and said:
                raise LetThrough(f"it was told {said[0][:4]} in the clear")
        server.mode, server.context = "good", None
