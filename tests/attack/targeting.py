"""Try to have the service call hostile targets: by saving them, by testing them, by delivering to them."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from local.waiting import until
from tests.attack.attack_run import MAIL_PORT, AttackRun
from tests.attack.attacked_stack import ENDED
from tests.attack.report import LetThrough
from tests.attack.targets import mail_servers, names, urls
from tests.stack.client import Response

FAMILY = "targets"
REFUSING = {"refused_address", "invalid"}
"""Classes of errors that say that nothing was tried. All others mean that somebody went there."""

REFUSING_WORDS = ("does not connect to", "cannot be made")
REDELIVERIES = 30


def attack(run: AttackRun) -> None:
    """Try all targets in all ways; then look whether anybody came where nobody may."""
    webhooks, mails = urls(run), mail_servers(run)
    _save(run, [({"url": url}, repr(url)) for url in webhooks], {"url": f"{run.web.url}/ok"})
    _save(
        run,
        [(mail_spec(host, port), f"mail {host!r}:{port}") for host, port in mails],
        mail_spec(run.mail.address, MAIL_PORT),
    )
    _deliver(run, webhooks + [f"https://{name}:8443/" for name in names(run)], mails)


def after_all(run: AttackRun) -> None:
    """Count each listener as an attack of its own: nobody may have come to it."""
    for address, port in run.forbidden.addresses:
        with run.report.attack(FAMILY, f"listener at {address} port {port}"):
            came = [one for one in run.forbidden.seen if f"({address!r}, {port})" in one]
            if came:
                raise LetThrough("; ".join(came[:3]))


def mail_spec(host: str, port: int, **more: Any) -> dict[str, Any]:
    """Make the spec of a mail channel without TLS."""
    smtp = {"host": host, "port": port, "use_tls": False, "timeout": 3}
    message = {"from_email": "attack@example.com", "to_emails": ["ops@example.com"]}
    return {"smtp": smtp, "message": message, **more}


def _save(run: AttackRun, specs: list[tuple[dict[str, Any], str]], good: Mapping[str, Any]) -> None:
    victim = run.stack.channel(good)["id"]
    for spec, name in specs:
        for way, response in _ways(run, victim, spec):
            with run.report.attack(FAMILY, f"{way} {name}"):
                if response.status == 201:
                    run.stack.clean_later(response.document["channel"]["id"])
                run.expect_problem(response, 400)


def _ways(run: AttackRun, victim: str, spec: Mapping[str, Any]) -> Iterator[tuple[str, Response]]:
    call = run.stack.send
    kind = "email" if "smtp" in spec else "webhook"
    document = {"name": run.stack.mark, "channel_type": kind}
    yield "create", call("POST", "/notifications/channels", {**document, "spec": spec})
    yield "v2 create", call("POST", "/v2/notifications/channels", {**document, "spec": {kind: spec}})
    yield "update", call("PATCH", f"/notifications/channels/{victim}", {"spec": spec})
    yield "v2 update", call("PATCH", f"/v2/notifications/channels/{victim}", {"spec": {kind: spec}})


def _deliver(run: AttackRun, webhooks: list[str], mails: list[tuple[str, int]]) -> None:
    """Write the targets into the table, past all checks: test sends, deliveries, replays must stop them."""
    stack = run.stack
    rule_type = stack.event_type("attack.targets", {"text": {"type": "string"}})
    stored: dict[str, tuple[str, str]] = {}
    for url in webhooks:
        channel_id = stack.webhook(f"{run.web.url}/ok")
        stored[stack.rule(rule_type, channel_id)] = (channel_id, repr(url))
        _store(run, channel_id, {"url": url})
    for host, port in mails:
        channel_id = stack.channel(mail_spec(run.mail.address, MAIL_PORT))["id"]
        stored[stack.rule(rule_type, channel_id)] = (channel_id, f"mail {host!r}:{port}")
        _store(run, channel_id, {"host": host, "port": port})
    for channel_id, name in stored.values():
        with run.report.attack(FAMILY, f"test send {name}"):
            response = stack.validate(channel_id)
            run.expect_problem(response, 500)
            if not any(words in response.document["msg"] for words in REFUSING_WORDS):
                raise LetThrough(response.text)
    deliveries = stack.ended(stack.emit(rule_type), stored)
    for rule_id, (_, name) in stored.items():
        with run.report.attack(FAMILY, f"delivery {name}"):
            _judge(deliveries[rule_id])
    for rule_id in list(stored)[: 3 if run.short else REDELIVERIES]:
        with run.report.attack(FAMILY, f"replay {stored[rule_id][1]}"):
            _judge(_replayed(run, deliveries[rule_id]["id"]))


def _store(run: AttackRun, channel_id: str, change: dict[str, Any]) -> None:
    spec = run.stack.stored_spec(channel_id) | change
    run.stack.overwrite("CHANNEL", channel_id, {"spec": json.dumps(spec, ensure_ascii=False)})


def _judge(delivery: Mapping[str, Any]) -> None:
    if delivery["status"] != "failed" or delivery["error_class"] not in REFUSING:
        told = {name: delivery[name] for name in ("status", "error_class", "reason")}
        raise LetThrough(f"its delivery is {told}")


def _replayed(run: AttackRun, delivery_id: str) -> dict[str, Any]:
    before = run.stack.delivery(delivery_id)["attempt_count"]
    response = run.stack.send("POST", f"/notifications/deliveries/{delivery_id}/retry")
    if response.status != 202:
        raise ValueError(response.text)

    def look() -> dict[str, Any] | None:
        found = run.stack.delivery(delivery_id)
        return found if found["status"] in ENDED and found["attempt_count"] > before else None

    return until(f"delivery {delivery_id} is sent again", look)
