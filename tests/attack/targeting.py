"""Try to have the service call hostile targets: by saving them, by testing them, by delivering to them."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from local.waiting import until
from tests.attack.board import LetThrough
from tests.attack.field import ENDED, Answer
from tests.attack.ground import MAIL_PORT, Ground
from tests.attack.targets import mail_servers, names, urls

FAMILY = "targets"
REFUSING = {"refused_address", "invalid"}
"""Classes of errors that say that nothing was tried. All others mean that somebody went there."""

REFUSING_WORDS = ("does not connect to", "cannot be made")
REDELIVERIES = 30


def attack(ground: Ground) -> None:
    """Try all targets in all ways; then look whether anybody came where nobody may."""
    webhooks, mails = urls(ground), mail_servers(ground)
    _save(ground, [({"url": url}, repr(url)) for url in webhooks], {"url": f"{ground.web.url}/ok"})
    _save(
        ground,
        [(mail_spec(host, port), f"mail {host!r}:{port}") for host, port in mails],
        mail_spec(ground.mail.address, MAIL_PORT),
    )
    _deliver(ground, webhooks + [f"https://{name}:8443/" for name in names(ground)], mails)


def after_all(ground: Ground) -> None:
    """Count each listener as an attack of its own: nobody may have come to it."""
    for address, port in ground.canaries.places:
        with ground.board.attack(FAMILY, f"listener at {address} port {port}"):
            came = [one for one in ground.canaries.seen if f"({address!r}, {port})" in one]
            if came:
                raise LetThrough("; ".join(came[:3]))


def mail_spec(host: str, port: int, **more: Any) -> dict[str, Any]:
    """Make the spec of a mail channel without TLS."""
    smtp = {"host": host, "port": port, "use_tls": False, "timeout": 3}
    message = {"from_email": "attack@example.com", "to_emails": ["ops@example.com"]}
    return {"smtp": smtp, "message": message, **more}


def _save(ground: Ground, specs: list[tuple[dict[str, Any], str]], good: Mapping[str, Any]) -> None:
    victim = ground.field.channel(good)["id"]
    for spec, name in specs:
        for way, answer in _ways(ground, victim, spec):
            with ground.board.attack(FAMILY, f"{way} {name}"):
                if answer.status == 201:
                    ground.field.forget_later(answer.document["channel"]["id"])
                ground.expect_problem(answer, 400)


def _ways(ground: Ground, victim: str, spec: Mapping[str, Any]) -> Iterator[tuple[str, Answer]]:
    call = ground.field.call
    kind = "email" if "smtp" in spec else "webhook"
    document = {"name": ground.field.mark, "channel_type": kind}
    yield "create", call("POST", "/notifications/channels", {**document, "spec": spec})
    yield "v2 create", call("POST", "/v2/notifications/channels", {**document, "spec": {kind: spec}})
    yield "update", call("PATCH", f"/notifications/channels/{victim}", {"spec": spec})
    yield "v2 update", call("PATCH", f"/v2/notifications/channels/{victim}", {"spec": {kind: spec}})


def _deliver(ground: Ground, webhooks: list[str], mails: list[tuple[str, int]]) -> None:
    """Write the targets into the table, past all checks: test sends, deliveries, replays must stop them."""
    field = ground.field
    rule_type = field.event_type("targets", {"text": {"type": "string"}})
    stored: dict[str, tuple[str, str]] = {}
    for url in webhooks:
        channel_id = field.webhook(f"{ground.web.url}/ok")
        stored[field.rule(rule_type, channel_id)] = (channel_id, repr(url))
        _store(ground, channel_id, {"url": url})
    for host, port in mails:
        channel_id = field.channel(mail_spec(ground.mail.address, MAIL_PORT))["id"]
        stored[field.rule(rule_type, channel_id)] = (channel_id, f"mail {host!r}:{port}")
        _store(ground, channel_id, {"host": host, "port": port})
    for channel_id, name in stored.values():
        with ground.board.attack(FAMILY, f"test send {name}"):
            answer = field.validate(channel_id)
            ground.expect_problem(answer, 500)
            if not any(words in answer.document["msg"] for words in REFUSING_WORDS):
                raise LetThrough(answer.text)
    deliveries = field.ended(field.emit(rule_type), stored)
    for rule_id, (_, name) in stored.items():
        with ground.board.attack(FAMILY, f"delivery {name}"):
            _judge(deliveries[rule_id])
    for rule_id in list(stored)[: 3 if ground.short else REDELIVERIES]:
        with ground.board.attack(FAMILY, f"replay {stored[rule_id][1]}"):
            _judge(_replayed(ground, deliveries[rule_id]["id"]))


def _store(ground: Ground, channel_id: str, change: dict[str, Any]) -> None:
    spec = ground.field.stored_spec(channel_id) | change
    ground.field.overwrite("CHANNEL", channel_id, {"spec": json.dumps(spec, ensure_ascii=False)})


def _judge(delivery: Mapping[str, Any]) -> None:
    if delivery["status"] != "failed" or delivery["error_class"] not in REFUSING:
        told = {name: delivery[name] for name in ("status", "error_class", "reason")}
        raise LetThrough(f"its delivery is {told}")


def _replayed(ground: Ground, delivery_id: str) -> dict[str, Any]:
    before = ground.field.delivery(delivery_id)["attempt_count"]
    answer = ground.field.call("POST", f"/notifications/deliveries/{delivery_id}/retry")
    if answer.status != 202:
        raise ValueError(answer.text)

    def look() -> dict[str, Any] | None:
        found = ground.field.delivery(delivery_id)
        return found if found["status"] in ENDED and found["attempt_count"] > before else None

    return until(f"delivery {delivery_id} is sent again", look)
