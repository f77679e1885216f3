"""Searching many rules."""

import json
from collections.abc import Iterator
from uuid import uuid4

import pytest

from local.stack import STACK_NAME, Stack
from notifications.core.model import Rule
from notifications.store import items
from tests.stack.cli import Cli
from tests.stack.client import call

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


def _search(stack: Stack, **body: object) -> dict[str, object]:
    answer = call(stack, "POST", "/notifications/rules/search", body=json.dumps(body))
    assert answer.status_code == 200, answer.text
    document: dict[str, object] = answer.json()
    return document


def test_ten_thousand_rules_are_searched_and_paged(stack: Stack, many_rules: str) -> None:
    """Among 10,000 rules a search finds its ten, and pages hold while rules are added."""
    wanted = {"name": {"starts_with": "many 0420"}}
    found = _search(stack, filter=wanted, order=[{"field": "name", "direction": "asc"}])
    assert [rule["name"] for rule in found["rules"]] == [f"many {number:05}" for number in range(4200, 4210)]  # type: ignore[attr-defined]
    first = _search(stack, filter={"name": {"starts_with": "many"}}, limit=100)
    new = {
        "name": "many new",
        "rule_type": "session.started",
        "channel_id": many_rules,
        "message_template": "5",
    }
    made = call(stack, "POST", "/notifications/rules", body=json.dumps(new)).json()["rule"]["id"]
    second = _search(stack, filter={"name": {"starts_with": "many"}}, limit=100, offset=100)
    call(stack, "DELETE", f"/notifications/rules/{made}")
    names = [rule["name"] for page in (first, second) for rule in page["rules"]]  # type: ignore[attr-defined]
    assert names == sorted(names)
    assert len(set(names)) == 200
