"""Searching many rules."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from local.stack import STACK_NAME, Stack
from notifications.core.model import Rule
from notifications.store import items
from tests.stack.cli import Cli
from tests.stack.client import SignedClient

RULES = 10_000


@pytest.fixture
def many_rules(stack: Stack, cli: Cli) -> Iterator[str]:
    """Store 10,000 disabled rules on one channel; return the channel's id."""
    channel_id = cli.channel("https://receiver.example.com/", name="many")
    table = stack.outputs()["ConfigTableName"]
    client = stack.client("dynamodb")
    made = [items.rule_item(_rule(number, channel_id)) for number in range(RULES)]
    for start in range(0, RULES, 25):
        portion = [{"PutRequest": {"Item": item}} for item in made[start : start + 25]]
        client.batch_write_item(RequestItems={table: portion})
    yield channel_id
    for start in range(0, RULES, 25):
        keys = [{"pk": item["pk"], "sk": item["sk"]} for item in made[start : start + 25]]
        client.batch_write_item(RequestItems={table: [{"DeleteRequest": {"Key": key}} for key in keys]})
    cli.run("channel", "delete", channel_id)


def _rule(number: int, channel_id: str) -> Rule:
    at = f"2026-01-01T00:{number // 600 % 60:02}:{number // 10 % 60:02}.{number % 10:06}Z"
    return Rule(
        id=str(uuid4()),
        name=f"many {number:05}",
        description=None,
        rule_type="session.started",
        channel_id=channel_id,
        message_template='{"text": "{{ session_id }}"}' * 10,
        enabled=False,
        created_at=at,
        created_by=STACK_NAME,
        updated_at=at,
    )


def _search(client: SignedClient, **body: object) -> dict[str, Any]:
    response = client.send("POST", "/notifications/rules/search", body)
    assert response.status == 200, response.text
    return dict(response.document)


def test_ten_thousand_rules_are_searched_and_paged(client: SignedClient, many_rules: str) -> None:
    """Among 10,000 rules a search finds its ten, and pages hold while rules are added."""
    wanted = {"name": {"starts_with": "many 0420"}}
    found = _search(client, filter=wanted, order=[{"field": "name", "direction": "asc"}])
    assert [rule["name"] for rule in found["rules"]] == [f"many {number:05}" for number in range(4200, 4210)]
    first = _search(client, filter={"name": {"starts_with": "many"}}, limit=100)
    new = {
        "name": "many new",
        "rule_type": "session.started",
        "channel_id": many_rules,
        "message_template": "5",
    }
    made = client.send("POST", "/notifications/rules", new).document["rule"]["id"]
    second = _search(client, filter={"name": {"starts_with": "many"}}, limit=100, offset=100)
    client.send("DELETE", f"/notifications/rules/{made}")
    names = [rule["name"] for page in (first, second) for rule in page["rules"]]
    assert names == sorted(names)
    assert len(set(names)) == 200
