"""Canary secrets: planted before all else, and looked for after it wherever something is kept or told."""

import base64
import json
import os
import re
import secrets
import ssl
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

import trustme

from local.common import ROOT
from local.waiting import until
from tests.attack.board import Board, LetThrough
from tests.attack.field import Field

FAMILY = "secrets"


@dataclass
class Planted:
    """``values``: the secrets by what they are. ``keypairs``: of a user, and one that is not active."""

    values: dict[str, str]
    keypairs: dict[str, tuple[str, str]]
    impostors: dict[str, ssl.SSLContext]
    log_start: int
    told: list[str] = field(default_factory=list)
    owners: set[str] = field(default_factory=set)

    @property
    def headers(self) -> dict[str, str]:
        """Headers with secrets in them."""
        return {"Authorization": f"Bearer {self.values['bearer token']}", "X-Api-Key": self.values["API key"]}

    @property
    def password(self) -> str:
        """A mail account's."""
        return self.values["SMTP password"]

    def want_none(self, text: str) -> None:
        """Look for all of them.

        Raises:
            LetThrough: one is there.
        """
        for name, value in self.values.items():
            if any(form in text for form in forms(value)):
                raise LetThrough(f"the {name} is in it")


def forms(value: str) -> list[str]:
    """Write a secret as it may stand somewhere: as it is, in a URL, in base64 at any offset."""
    raw = value.encode()
    shifted = [base64.b64encode(b"x" * shift + raw).decode()[4 if shift else 0 : -4] for shift in range(3)]
    return [value, quote(value, safe=""), *shifted]


def plant(stack_field: Field, address: str) -> Planted:
    """Make the secrets and the keypairs."""
    values = {
        name: secrets.token_hex(24) for name in ("bearer token", "API key", "SMTP password", "webhook path")
    }
    log = stack_field.stack.ministack.log
    keypairs = {"user": _keypair(stack_field, "--role", "user"), "inactive": _keypair(stack_field)}
    _command(stack_field, "deactivate", keypairs["inactive"][0])
    values["user's secret key"] = keypairs["user"][1]
    values["superadmin's secret key"] = stack_field.keypair[1]
    paths = (
        "/notifications/channels/x",
        "/notifications/rules/x",
        "/notifications/events",
        "/manager/announcement",
    )
    for path in paths:  # each function keeps the keypairs that it has read

        def known(path: str = path) -> bool:
            return stack_field.call("GET", path, keypair=keypairs["user"]).status == 403

        until(f"the user's keypair is known at {path}", known)
    return Planted(values, keypairs, _impostors(address), log.stat().st_size)


def withdraw(stack_field: Field, planted: Planted) -> None:
    """Deactivate the user's keypair."""
    _command(stack_field, "deactivate", planted.keypairs["user"][0])


def use(stack_field: Field, board: Board, planted: Planted, receiver: str) -> None:
    """Send with all of them, to receivers that repeat what they are sent: so there is something to leak."""
    rule_type = stack_field.event_type("secrets", {})
    rules = []
    for behaviour in ("echo-ok", "echo-refusal", "echo-failure", "nothing"):
        url = f"{receiver}/{behaviour}/services/T000/B000/{planted.values['webhook path']}"
        channel = stack_field.channel({"url": url, "headers": planted.headers, "timeout": 2})
        planted.owners.add(channel["id"])
        if channel.get("signing_secret"):
            planted.values[f"signing secret ({behaviour})"] = channel["signing_secret"]
        rules.append(stack_field.rule(rule_type, channel["id"]))
        planted.told.append(stack_field.validate(channel["id"]).body.decode(errors="replace"))
    event_id = stack_field.emit(rule_type)
    ended = stack_field.ended(event_id, rules)
    planted.told += [json.dumps(stack_field.delivery(one["id"])) for one in ended.values()]
    with board.attack(FAMILY, "each webhook channel has a signing secret"):
        if len(planted.values) < 10:
            raise LetThrough("the reply to its creation shows none")


def search(stack_field: Field, board: Board, planted: Planted) -> None:
    """Look for each secret in each place."""
    for place, text, may_have_url in _places(stack_field, planted):
        for name, value in planted.values.items():
            with board.attack(FAMILY, f"{name} in {place}"):
                if (may_have_url and name == "webhook path") or not any(
                    form in text for form in forms(value)
                ):
                    continue
                where = next(text.index(form) for form in forms(value) if form in text)
                around = text[max(0, where - 120) : where].replace("\n", " ")
                raise LetThrough(f"it stands after {around!r}")


def _places(stack_field: Field, planted: Planted) -> Iterator[tuple[str, str, bool]]:
    stack = stack_field.stack
    with stack.ministack.log.open("rb") as log:
        log.seek(planted.log_start)
        yield "ministack.log", log.read().decode(errors="replace"), False
    logs = stack.client("logs")
    for group in logs.describe_log_groups()["logGroups"]:
        name = group["logGroupName"]
        pages = logs.get_paginator("filter_log_events").paginate(logGroupName=name)
        text = "\n".join(event["message"] for page in pages for event in page["events"])
        yield f"log group {name.rpartition('/')[2]}", text, False
    for output in ("ConfigTableName", "DeliveriesTableName"):
        pages = stack.client("dynamodb").get_paginator("scan").paginate(TableName=stack_field.outputs[output])
        items = [item for page in pages for item in page["Items"]]
        own = [item for item in items if item["sk"]["S"] in planted.owners and item["pk"]["S"] == "CHANNEL"]
        others = [item for item in items if item not in own]
        yield f"{output} (channels with them)", json.dumps(own, default=_binary), output == "ConfigTableName"
        yield f"{output} (the rest)", json.dumps(others, default=_binary), False
    yield from _answers(stack_field, planted)
    yield "answers to test sends, and details of deliveries", "\n".join(planted.told), False


def _answers(stack_field: Field, planted: Planted) -> Iterator[tuple[str, str, bool]]:
    for channel_id in planted.owners:
        for prefix in ("", "/v2"):
            path = f"{prefix}/notifications/channels/{channel_id}"
            yield f"GET {path}", stack_field.call("GET", path).body.decode(), True
    for path in ("channels/search", "rules/search?custom=true"):
        document = {"limit": 1_000, "filter": {"name": {"equals": stack_field.mark}}}
        yield (
            f"POST {path}",
            stack_field.call("POST", f"/notifications/{path}", document).body.decode(),
            False,
        )
    for path in ("/v2/notifications/channels/search", "/v2/notifications/rules/search"):
        yield f"POST {path}", stack_field.call("POST", path, {"first": 1_000}).body.decode(), False
    for path in ("events", "deliveries", "event-types"):
        yield f"GET {path}", stack_field.call("GET", f"/notifications/{path}").body.decode(), False


def _binary(value: object) -> str:
    return bytes(value).decode("latin-1") if isinstance(value, bytes) else str(value)


def _impostors(address: str) -> dict[str, ssl.SSLContext]:
    contexts = {}
    for name, host in (("of an unknown authority", address), ("of another name", "other.example")):
        contexts[name] = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        trustme.CA().issue_cert(host).configure_cert(contexts[name])
    return contexts


def _keypair(stack_field: Field, *options: str) -> tuple[str, str]:
    printed = _command(stack_field, "create", *options)
    access, secret = re.search(r"AKIA[A-Z2-7]{16}", printed), re.search(r'"secret_key": "([^"]+)"', printed)
    if access is None or secret is None:
        raise ValueError("keypair create does not print a keypair")
    return access[0], secret[1]


def _command(stack_field: Field, *arguments: str) -> str:
    command = [str(ROOT / "backend.ai"), "notification", "keypair", *arguments]
    env: Mapping[str, str] = {**os.environ, **stack_field.settings}
    ran = subprocess.run(command, env=env, capture_output=True, text=True, check=True, timeout=600)
    return ran.stdout
