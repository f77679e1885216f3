"""Canary secrets: made before all else, and looked for after it wherever something is kept or told."""

import base64
import json
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from secrets import token_hex
from urllib.parse import quote

import trustme

from local.waiting import until
from tests.attack import kept
from tests.attack.attacked_stack import AttackedStack
from tests.attack.report import LetThrough, Report
from tests.stack.cli import Cli

FAMILY = "secrets"


@dataclass
class CanarySecrets:
    """``values``: the secrets by what they are. ``keypairs``: of a user, a viewer, and an inactive one."""

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


def make(stack: AttackedStack, address: str) -> CanarySecrets:
    """Make the secrets and the keypairs."""
    values = {name: token_hex(24) for name in ("bearer token", "API key", "SMTP password", "webhook path")}
    log = stack.stack.ministack.log
    cli = Cli(stack.stack, stack.stack.directory)
    roles = ("user", "viewer")
    keypairs = {role: cli.keypair("--role", role) for role in roles} | {"inactive": cli.keypair()}
    cli.deactivate(keypairs["inactive"][0])
    values |= {f"{role}'s secret key": keypairs[role][1] for role in roles}
    values["superadmin's secret key"] = stack.client.keypair[1]
    paths = (
        "/notifications/channels/x",
        "/notifications/rules/x",
        "/notifications/events",
        "/manager/announcement",
    )
    for path in paths:  # each function keeps the keypairs that it has read

        def known(path: str = path) -> bool:
            return stack.send("GET", path, keypair=keypairs["user"]).status == 403

        until(f"the user's keypair is known at {path}", known)
    return CanarySecrets(values, keypairs, _impostors(address), log.stat().st_size)


def withdraw(stack: AttackedStack, canaries: CanarySecrets) -> None:
    """Deactivate the keypairs that still are active."""
    for role in ("user", "viewer"):
        Cli(stack.stack, stack.stack.directory).deactivate(canaries.keypairs[role][0])


def use(stack: AttackedStack, report: Report, canaries: CanarySecrets, receiver: str) -> None:
    """Send with all of them, to receivers that repeat what they are sent: so there is something to leak."""
    rule_type = stack.event_type("attack.secrets", {})
    rules = []
    for responder in ("echo-ok", "echo-refusal", "echo-failure", "nothing"):
        url = f"{receiver}/{responder}/services/T000/B000/{canaries.values['webhook path']}"
        channel = stack.channel({"url": url, "headers": canaries.headers, "timeout": 2})
        canaries.owners.add(channel["id"])
        if channel.get("signing_secret"):
            canaries.values[f"signing secret ({responder})"] = channel["signing_secret"]
        rules.append(stack.rule(rule_type, channel["id"]))
        canaries.told.append(stack.validate(channel["id"]).body.decode(errors="replace"))
    event_id = stack.emit(rule_type)
    ended = stack.ended(event_id, rules)
    canaries.told += [json.dumps(stack.delivery(one["id"])) for one in ended.values()]
    with report.attack(FAMILY, "each webhook channel has a signing secret"):
        if len(canaries.values) < 10:
            raise LetThrough("the reply to its creation shows none")


def search(stack: AttackedStack, report: Report, canaries: CanarySecrets) -> None:
    """Look for each secret in each place."""
    for source, text, may_have_url in _sources(stack, canaries):
        for name, value in canaries.values.items():
            with report.attack(FAMILY, f"{name} in {source}"):
                if (may_have_url and name == "webhook path") or not any(
                    form in text for form in forms(value)
                ):
                    continue
                where = next(text.index(form) for form in forms(value) if form in text)
                around = text[max(0, where - 120) : where].replace("\n", " ")
                raise LetThrough(f"it stands after {around!r}")


def _sources(stack: AttackedStack, canaries: CanarySecrets) -> Iterator[tuple[str, str, bool]]:
    with stack.stack.ministack.log.open("rb") as log:
        log.seek(canaries.log_start)
        yield "ministack.log", log.read().decode(errors="replace"), False
    logs = stack.stack.client("logs")
    for group in logs.describe_log_groups()["logGroups"]:
        name = group["logGroupName"]
        pages = logs.get_paginator("filter_log_events").paginate(logGroupName=name)
        text = "\n".join(event["message"] for page in pages for event in page["events"])
        yield f"log group {name.rpartition('/')[2]}", text, False
    for output in ("ConfigTableName", "DeliveriesTableName"):
        pages = stack.stack.client("dynamodb").get_paginator("scan").paginate(TableName=stack.outputs[output])
        items = [item for page in pages for item in page["Items"]]
        own = [item for item in items if _channel(item["pk"]["S"], item["sk"]["S"]) in canaries.owners]
        others = [item for item in items if item not in own]
        yield (
            f"{output} (channels with them, revisions)",
            kept.text(own),
            output == "ConfigTableName",
        )
        yield f"{output} (the rest)", kept.text(others), False
    yield from _responses(stack, canaries)
    yield "responses to test sends, and details of deliveries", "\n".join(canaries.told), False


def _channel(partition: str, sort: str) -> str | None:
    """Return the id of the channel that an item or a revision is of."""
    match partition, sort.split("#"):
        case "CHANNEL", [channel_id]:
            return channel_id
        case "REV", ["CHANNEL", channel_id, _]:
            return channel_id
    return None


def _responses(stack: AttackedStack, canaries: CanarySecrets) -> Iterator[tuple[str, str, bool]]:
    for channel_id in canaries.owners:
        for prefix in ("", "/v2"):
            path = f"{prefix}/notifications/channels/{channel_id}"
            yield f"GET {path}", stack.send("GET", path).body.decode(), True
        for path, may_have_url in (("revisions", False), ("revisions/1", True)):
            whole = f"/notifications/channels/{channel_id}/{path}"
            yield f"GET {whole}", stack.send("GET", whole).body.decode(), may_have_url
    for path in ("channels/search", "rules/search?custom=true"):
        document = {"limit": 1_000, "filter": {"name": {"equals": stack.mark}}}
        yield (
            f"POST {path}",
            stack.send("POST", f"/notifications/{path}", document).body.decode(),
            False,
        )
    for path in ("/v2/notifications/channels/search", "/v2/notifications/rules/search"):
        yield f"POST {path}", stack.send("POST", path, {"first": 1_000}).body.decode(), False
    for path in ("events", "deliveries", "event-types", "audit?limit=1000"):
        yield f"GET {path}", stack.send("GET", f"/notifications/{path}").body.decode(), False


def _impostors(address: str) -> dict[str, ssl.SSLContext]:
    contexts = {}
    for name, host in (("of an unknown authority", address), ("of another name", "other.example")):
        contexts[name] = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        trustme.CA().issue_cert(host).configure_cert(contexts[name])
    return contexts
