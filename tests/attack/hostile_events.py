"""Texts that break out of what they are put into, and messages that are no events."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

TEXTS = (
    'he said "hi"\n',
    '","x":"',
    '"}, {"x": "',
    "\\",
    '\\"',
    "\\u0022, \\u0022x\\u0022: \\u0022",
    "</script><script>alert(1)</script>",
    "<!--\u2028\u2029-->&amp;",
    "{{ 7*7 }}",
    "{{ data.clear() }}{% for x in range(9) %}x{% endfor %}{# #}",
    "${7*7}#{7*7}<%= 7*7 %>%(n)s{0.__class__}",
    "$(touch /tmp/attacked)`id`; ls | cat && true",
    "a\r\nBcc: evil@example.com",
    "a\nContent-Type: text/html\n\n<b>",
    "a\r\n\r\n.\r\nMAIL FROM:<evil@example.com>\r\nRCPT TO:<evil@example.com>\r\nDATA\r\n",
    "a\n.\nMAIL FROM:<evil@example.com>",
    "=?utf-8?q?a=0d=0aBcc:_evil@example.com?=",
    "a\x0bBcc: x\x0cBcc: x\x1cBcc: x\x85Bcc: x\u2028Bcc: x",
    "\x00\x01\x02\x1b[31m\x7f\x9b",
    "\u202egnp.exe\u200b\ufeff",
    "\U0001f680\U0001d7d8\uffff",
    "null",
    "A" * 60_000,
)


def document(rule_type: str, **change: Any) -> dict[str, Any]:
    """Make an event as the bus hands it on."""
    return {
        "version": "0",
        "id": str(uuid4()),
        "source": "backend.ai.manager",
        "time": "2026-01-15T10:30:00Z",
        "detail-type": rule_type,
        "detail": {"n": 9_999, "text": "hostile"},
        **change,
    }


def hostile_messages(rule_type: str) -> Iterator[tuple[str, str]]:
    """List bodies of messages in the event queue, all of which are to be refused."""
    changes: dict[str, list[Any]] = {
        "id": [
            "a.b",
            "../x",
            "a/b",
            "a#b",
            "a\r\nb",
            "a b",
            "",
            "x" * 129,
            None,
            7,
            {},
            "\ud800",
            "a\x00",
            "한",
        ],
        "source": [
            "aws.events",
            "somebody.else",
            "",
            None,
            7,
            ["backend.ai"],
            "Backend.AI",
            " backend.ai",
            "\ud800",
        ],
        "detail-type": [
            "",
            None,
            7,
            "x" * 5_000,
            "a\r\nb",
            "no.such.type",
            "../x",
            "__proto__",
            "{{ 7*7 }}",
            "\ud800",
        ],
        "detail": [None, [], "text", 7, {}, {"text": 7}, {"text": None}, {"text": ["x"]}],
        "time": [
            None,
            "",
            "yesterday",
            "0001-01-01T00:00:00+23:59",
            "9999-12-31T23:59:59-23:59",
            7,
            "\ud800",
        ],
        "resources": [
            ["backend.ai:event-id:a.b"],
            ["backend.ai:event-id:"],
            ["backend.ai:event-id:a", "backend.ai:event-id:b"],
        ],
    }
    for name, values in changes.items():
        for value in values:
            if (name, value) != ("detail", {}):  # no field of the type is required
                yield f"{name} {str(value)[:40]!r}", json.dumps(document(rule_type, **{name: value}))
    inner: Any
    for inner in (
        {},
        {"rule_type": rule_type},
        {"rule_type": 7, "notification_data": {}, "timestamp": "x"},
        [],
    ):
        triggered = document("notification_triggered", detail=inner)
        yield f"triggered {inner}", json.dumps(triggered)
    for number in ("1e400", "-1e400", "NaN", "9" * 400, "9" * 5_000):
        text = json.dumps(document(rule_type, detail={"n": 0})).replace('"n": 0', f'"n": {number}')
        yield f"number {number[:10]}", text
    for body in (
        "x",
        "[]",
        "null",
        '"x"',
        "7",
        "{",
        "{}",
        "[" * 100_000,
        '{"a":' * 50_000,
        "\u2028",
        "NaN",
        "<xml/>",
    ):
        yield f"body {body[:20]!r}", body
