"""Hostile bodies of requests: what is no document, and documents with hostile fields."""

import json
import secrets
from collections.abc import Iterator
from typing import Any

from tests.attack.attack_run import AttackRun
from tests.attack.hostile_request import CHANNELS, HostileRequest


def bodies(run: AttackRun) -> Iterator[HostileRequest]:
    """List bodies that are no document of a channel, or hide what they are."""
    good = {"name": "x", "spec": {"url": f"{run.web.url}/ok"}}
    text = json.dumps(good)
    bodies: dict[str, bytes] = {
        "empty": b"",
        "no JSON": b"{",
        "null": b"null",
        "a list": b"[]",
        "a number": b"1",
        "a string": b'"x"',
        "NaN": b'{"limit": NaN}',
        "Infinity": b'{"name": "x", "spec": {"url": "https://example.com", "timeout": Infinity}}',
        "1e999": b'{"name": "x", "spec": {"url": "https://example.com", "timeout": 1e999}}',
        "deep lists": b"[" * 200_000 + b"]" * 200_000,
        "deep objects": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
        "deep and open": b"[" * 500_000,
        "not UTF-8": b'{"name": "\xff\xfe"}',
        "overlong UTF-8": b'{"name": "\xc0\xaf"}',
        "lone surrogate": b'{"name": "\\ud800", "spec": {"url": "https://example.com"}}',
        "NUL": b"\x00" * 100,
        "too large": b'{"name": "' + b"x" * 1_100_000 + b'"}',
        "far too large": b'{"name": "' + b"x" * 5_000_000 + b'"}',
        "long number": b'{"limit": ' + b"9" * 100_000 + b"}",
        "XML": b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]><x>&y;</x>',
        "gzip": b"\x1f\x8b\x08\x00" + secrets.token_bytes(100),
        "byte order mark": b"\xef\xbb\xbf" + text.encode(),
    }
    for name, body in bodies.items():
        yield HostileRequest(f"body: {name}", "POST", CHANNELS, (400, 413), {"body": body})
    for content_type in ("text/xml", "multipart/form-data; boundary=x", "application/jsonx", "a" * 4_000):
        yield HostileRequest(
            f"content type {content_type[:40]!r}",
            *("POST", CHANNELS, (400, 401)),
            {"body": text.encode(), "headers": {"Content-Type": content_type}},
        )
    twice = f'{{"name": "x", "name": {{"a": 1}}, "spec": {json.dumps(good["spec"])}}}'
    yield HostileRequest("a key twice", "POST", CHANNELS, (400,), {"body": twice.encode()})
    for key in ("__proto__", "constructor", "__class__", "__init__", "$where", "$ne"):
        document = {"filter": {"name": {key: {"x": 1}}}}
        yield HostileRequest(
            f"filter with {key}", "POST", f"{CHANNELS}/search", (400,), {"document": document}, takes=(200,)
        )
        shadow = {**good, "name": {key: "x"}}
        yield HostileRequest(f"name with {key}", "POST", CHANNELS, (400,), {"document": shadow})


def fields(run: AttackRun) -> Iterator[HostileRequest]:
    """List documents of channels and event types with hostile values."""
    url = f"{run.web.url}/ok"
    specs: dict[str, dict[str, Any]] = {
        "CRLF in a header": {"headers": {"X-A": "a\r\nX-B: b"}},
        "LF in a header": {"headers": {"X-A": "a\nX-B: b"}},
        "NUL in a header": {"headers": {"X-A": "a\x00b"}},
        "CRLF in a header's name": {"headers": {"X-A\r\nX-B": "b"}},
        "colon in a header's name": {"headers": {"X-A: b\r\n": "b"}},
        "space in a header's name": {"headers": {"X A": "b"}},
        "header without a name": {"headers": {"": "b"}},
        "too many headers": {"headers": {f"X-{number}": "a" for number in range(40)}},
        "long header": {"headers": {"X-A": "a" * 5_000}},
        "header null": {"headers": {"X-A": None}},
        "CRLF in the content type": {"content_type": "text/plain\r\nX-B: b"},
        "CRLF in the method": {"method": "POST\r\nX-B: b"},
        "method GET": {"method": "GET"},
        "method CONNECT": {"method": "CONNECT"},
        "method with a path": {"method": "POST /x HTTP/1.1"},
        "no timeout": {"timeout": 0},
        "long timeout": {"timeout": 10**9},
        "negative timeout": {"timeout": -1},
        "status codes": {"success_status_codes": [0, 99, 1000]},
        "many status codes": {"success_status_codes": [200] * 1_000},
        "headers as a list": {"headers": [["a", "b"]]},
    }
    for name, spec in specs.items():
        document = {"name": "x", "spec": {"url": url, **spec}}
        yield HostileRequest(name, "POST", CHANNELS, (400,), {"document": document})
    documents: dict[str, dict[str, Any]] = {
        "long name": {"name": "x" * 300},
        "control characters in the name": {"name": "a\x1b[31m\r\n"},
        "empty name": {"name": " "},
        "long description": {"name": "x", "description": "x" * 5_000},
        "unknown type": {"name": "x", "channel_type": "lambda"},
        "another type's spec": {"name": "x", "channel_type": "email"},
        "retries without end": {"name": "x", "retry": [1] * 1_000},
        "retries at once": {"name": "x", "retry": [0]},
        "retry after a year": {"name": "x", "retry": [10**8]},
    }
    for name, document in documents.items():
        yield HostileRequest(name, "POST", CHANNELS, (400,), {"document": {"spec": {"url": url}, **document}})
    schema = {"type": "object"}
    properties: dict[str, dict[str, Any]] = {
        "a schema from inside": {"a": {"$ref": "https://127.0.0.1:8443/schema.json"}},
        "a schema from a file": {"a": {"$ref": "file:///etc/passwd"}},
        "a schema from the metadata": {"a": {"$ref": "http://169.254.169.254/latest/meta-data"}},
        "a pattern that is none": {"a": {"pattern": "("}},
        "a type that is none": {"a": {"type": "x"}},
        "a schema of itself": {"a": {"$ref": "#/properties/a"}},
        "a schema whose checks double": {"a": {"anyOf": [{"items": {"$ref": "#/properties/a"}}] * 2}},
        "a schema of fractions": {"a": {"enum": [number + 0.5 for number in range(1_000)]}},
        "a deep schema": {"a": json.loads('{"items":' * 80 + "{}" + "}" * 80)},
        "large patterns": {
            f"a{number}": {"pattern": f"(?:[a-z0-9]{{1,100}}{number}){{1,10}}"} for number in range(400)
        },
        "a large schema": {f"a{number}": {"enum": ["x" * 50]} for number in range(1_000)},
    }
    for name, hostile in properties.items():
        document = {
            "name": f"attack.bad-{run.stack.mark}",
            "json_schema": {**schema, "properties": hostile},
        }
        yield HostileRequest(name, "POST", "/notifications/event-types", (400,), {"document": document})
    for name in ("../x", "a b", "A", "", "x" * 200, "a\r\nb", "{{ 7*7 }}", "__proto__", ".", "a..b"):
        document = {"name": name, "json_schema": {**schema, "properties": {}}}
        yield HostileRequest(
            f"event type {name[:20]!r}", "POST", "/notifications/event-types", (400,), {"document": document}
        )
