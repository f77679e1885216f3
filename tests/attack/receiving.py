"""Send to receivers that misbehave: it must cost little, tell nothing, and keep nobody else waiting."""

import ssl
import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import repeat
from typing import Any

from local.waiting import until
from tests.attack.attack_run import MAIL_PORT, AttackRun
from tests.attack.hostile_responses import GOOD, RESPONDERS, RETRY_AFTER, SHORT, answer, plain
from tests.attack.report import LetThrough
from tests.attack.targeting import mail_spec
from tests.scripted_smtp import READY, ScriptedMailServer

FAMILY = "receivers"
TIMEOUT_SECONDS = 2
SLACK_SECONDS = 3.0
MAX_ANSWER_BYTES = 8 * 1024
GREETINGS: dict[str, Iterable[bytes] | None] = {
    "garbage": [b"\x00\xff garbage\r\n"],
    "endless": repeat(b"220-more\r\n" * 1000),
    "hang": None,
}
LONGEST_WAIT = timedelta(hours=1, minutes=15)
"""An hour is what is heeded of Retry-After; the rest is jitter."""


def attack(run: AttackRun) -> None:
    """Test and deliver to all of them; then to a good one."""
    names = [name for name in RESPONDERS if not run.short or name in SHORT]
    stack = run.stack
    rule_type = stack.event_type("attack.receivers", {})
    channels = {
        name: stack.webhook(f"{run.web.url}/{name}", timeout=TIMEOUT_SECONDS, headers=run.secrets.headers)
        for name in names
    }
    rules = {name: stack.rule(rule_type, channel_id) for name, channel_id in channels.items()}
    good = stack.rule(rule_type, stack.webhook(f"{run.web.url}/good-one"))
    if not run.is_open:
        _impostor(run)
    for name, channel_id in channels.items():
        _test(run, name, channel_id)
    run.processes.start()
    started = time.monotonic()
    event_id = stack.emit(rule_type)
    with run.report.attack(FAMILY, f"the good one beside {len(rules)} bad ones"):
        until("it gets its webhook", lambda: run.web.at("/good-one"), 30)
        run.report.notes.append(
            f"receivers: beside {len(rules)} bad ones a good one had its webhook after"
            f" {time.monotonic() - started:.1f} s"
        )
    deliveries = stack.ended(event_id, [*rules.values(), good])
    for name, rule_id in rules.items():
        with run.report.attack(FAMILY, f"delivery {name}"):
            _judge(run, name, stack.delivery(deliveries[rule_id]["id"]))
    with run.report.attack(FAMILY, "memory of deliveries"):
        run.processes.check()
    _retry_after(run)
    _mail(run)
    with run.report.attack(FAMILY, "after all of them a good one"):
        delivered = stack.ended(stack.emit(rule_type), [good])[good]
        if delivered["status"] != "delivered":
            raise LetThrough(f"it is {delivered}")


def _test(run: AttackRun, name: str, channel_id: str) -> None:
    run.processes.start()
    with run.report.attack(FAMILY, f"test send {name}"):
        response = run.stack.validate(channel_id)
        if response.seconds > TIMEOUT_SECONDS + SLACK_SECONDS:
            raise LetThrough(f"it took {response.seconds:.1f} s")
        if response.status == 200 and name not in GOOD:
            raise LetThrough("it counts as delivered")
        if response.status != 200:
            run.expect_problem(response, 500)
        if len(response.body) > MAX_ANSWER_BYTES:
            raise LetThrough(f"the answer has {len(response.body)} bytes")
        run.secrets.want_none(response.body.decode(errors="replace"))
        run.processes.check()


def _judge(run: AttackRun, name: str, delivery: dict[str, Any]) -> None:
    if delivery["status"] == "delivered" and name not in GOOD:
        raise LetThrough("it counts as delivered")
    run.secrets.want_none(str(delivery))
    for attempt in delivery["attempts"]:
        if (
            len((attempt["response"] or "").encode()) > 3 * MAX_ANSWER_BYTES
        ):  # a byte that is no text takes three
            raise LetThrough(f"{len(attempt['response'])} characters of its answer are kept")
        if attempt["seconds"] > TIMEOUT_SECONDS + SLACK_SECONDS:
            raise LetThrough(f"an attempt took {attempt['seconds']} s")
    requests = run.web.at(f"/{name}")
    if len(requests) > 1 + delivery["attempt_count"]:
        raise LetThrough(f"it was asked {len(requests)} times")
    if any(b"attacked=1" in request.head for request in requests):
        raise LetThrough("its cookie was sent back")


def _retry_after(run: AttackRun) -> None:
    rule_type = run.stack.event_type("attack.retry-after", {})
    waits = {}
    for number, value in enumerate(RETRY_AFTER):
        run.web.responders[f"retry-{number}"] = answer(plain("429 X", f"Retry-After: {value}"))
        channel = run.stack.channel({"url": f"{run.web.url}/retry-{number}"}, retry=[60])
        waits[run.stack.rule(rule_type, channel["id"])] = value
    event_id = run.stack.emit(rule_type)
    for rule_id, value in waits.items():
        with run.report.attack(FAMILY, f"Retry-After {value[:40]}"):

            def look(rule_id: str = rule_id) -> Any:
                found = run.stack.send("GET", f"/notifications/deliveries/{event_id}_{rule_id}")
                return found.document.get("delivery", {}).get("next_attempt_at")

            until("it is to be tried again", look, 30)
            next_attempt = run.stack.delivery(f"{event_id}_{rule_id}")["next_attempt_at"]
            if datetime.fromisoformat(next_attempt) > datetime.now(UTC) + LONGEST_WAIT:
                raise LetThrough(f"it is put off until {next_attempt}")


def _impostor(run: AttackRun) -> None:
    """Present a certificate of an authority that nobody trusts: it must get nothing."""
    channel_id = run.stack.webhook(f"{run.web.url}/impostor", headers=run.secrets.headers)
    for name, context in run.secrets.impostors.items():
        run.web.present(context)
        with run.report.attack(FAMILY, f"certificate {name}"):
            try:
                run.expect_problem(run.stack.validate(channel_id), 500)
                if run.web.at("/impostor"):
                    raise LetThrough("it got the message")
            finally:
                run.web.present(run.web.context)


def _echo(server: ScriptedMailServer) -> bytes:
    return f"554 no: {' '.join(server.heard)[:400]}".encode()


def _mail(run: AttackRun) -> None:
    server = run.mail
    auth = {"auth": {"username": "attacked", "password": run.secrets.password}}
    impostor: ssl.SSLContext | None = next(iter(run.secrets.impostors.values()))
    modes: list[tuple[str, ssl.SSLContext | None, bool]] = [
        *(("garbage", None, False), ("echo", None, False), ("good", None, True), ("good", impostor, True)),
        *(() if run.short else (("hang", None, False), ("endless", None, False))),
    ]
    for mode, context, tls in modes:
        spec = mail_spec(server.address, MAIL_PORT, **auth)
        spec["smtp"]["use_tls"] = tls
        channel_id = run.stack.channel(spec)["id"]
        server.greeting, server.context = GREETINGS.get(mode, READY), context
        server.replies = {"the mail": partial(_echo, server)} if mode == "echo" else {}
        heard = len(server.heard)
        name = f"mail server: {mode}{' without TLS that is wanted' if tls and not context else ''}"
        with run.report.attack(FAMILY, f"{name}{' with a wrong certificate' if context else ''}"):
            response = run.stack.validate(channel_id)
            run.expect_problem(response, 500)
            run.secrets.want_none(response.body.decode(errors="replace"))
            said = [line for line in server.heard[heard:] if line[:4].upper() in {"AUTH", "MAIL", "DATA"}]
            if tls and said:
                raise LetThrough(f"it was told {said[0][:4]} in the clear")
        server.greeting, server.replies, server.context = READY, {}, None
