"""backend.ai notification event emit."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

TYPES = "/notifications/event-types"
Run = Callable[..., Any]


@pytest.mark.parametrize("source", ["option", "stdin"])
def test_emit(service: Any, run: Run, source: str) -> None:
    """An event is sent with its fields; the id is data, the status line is not."""
    service.answers("POST", "/notifications/events", {"event_id": "e1"}, status=202)
    args = ["--data", '{"path": "/"}'] if source == "option" else ["--data-file", "-"]
    result = run("notification", "event", "emit", "disk.full", *args, stdin='{"path": "/"}')
    assert result.stderr == "✓ Event accepted: e1\n"
    assert json.loads(result.stdout) == {"event_id": "e1"}
    assert service.last["body"] == {"rule_type": "disk.full", "notification_data": {"path": "/"}}


EVENTS = Path(__file__).parents[3] / "events"
DOCUMENTS = sorted(path.name for path in EVENTS.glob("*.json") if '"detail-type"' in path.read_text()[:200])


@pytest.mark.parametrize("name", DOCUMENTS)
def test_emit_a_document(service: Any, run: Run, name: str) -> None:
    """Each sample document of the repository, in either form, can be emitted as it is."""
    document = json.loads((EVENTS / name).read_text())
    detail = document["detail"]
    rule_type = detail["rule_type"] if "triggered" in name else document["detail-type"]
    fields = detail["notification_data"] if "triggered" in name else detail
    service.answers("POST", "/notifications/events", {"event_id": "e1"}, status=202)
    result = run("notification", "event", "emit", rule_type.upper(), "--data-file", str(EVENTS / name))
    assert result.exit_code == 0, result.stderr
    assert service.last["body"]["notification_data"] == fields


def test_emit_a_sample(service: Any, run: Run) -> None:
    """--sample emits what the service makes from the type's schema."""
    sample = {"rule_type": "disk.full", "notification_data": {"disk": "disk"}}
    service.answers("GET", f"{TYPES}/disk.full/sample", sample)
    service.answers("POST", "/notifications/events", {"event_id": "e1"}, status=202)
    assert run("notification", "event", "emit", "disk.full", "--sample").exit_code == 0
    assert service.last["body"] == sample


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--sample", "--data", "{}"), "Cannot specify --sample together with --data or --data-file"),
        ((), "Must specify either --data, --data-file or --sample"),
        (
            ("--data", '{"source": "x", "detail-type": "a.b", "detail": {}}'),
            "an event of type 'a.b', not 'disk",
        ),
        (("--data", '{"source": "x", "detail-type": "a.b", "detail": 5}'), "The document is not an event"),
        (
            ("--data", '{"source": "x", "detail-type": "notification_triggered", "detail": {}}'),
            "The document is not an event",
        ),
    ],
)
def test_emit_refuses(service: Any, run: Run, arguments: tuple[str, ...], told: str) -> None:
    """What is given twice, not at all, or for another type, is told before anything is sent."""
    result = run("notification", "event", "emit", "disk.full", *arguments)
    assert (result.exit_code, told in result.stderr, service.requests) == (1, True, [])


def test_fields_that_look_like_a_document(service: Any, run: Run) -> None:
    """Fields are a document only with all that makes one."""
    service.answers("POST", "/notifications/events", {"event_id": "e1"}, status=202)
    fields = {"detail": {"a": 1}, "source": "x"}
    assert run("notification", "event", "emit", "disk.full", "--data", json.dumps(fields)).exit_code == 0
    assert service.last["body"]["notification_data"] == fields


@pytest.mark.parametrize("duplicate", [False, True])
def test_emit_with_an_id(service: Any, run: Run, duplicate: bool) -> None:  # noqa: FBT001
    """The id goes along as the idempotency key, and what is said tells whether it came before."""
    reply = {"event_id": "order-7", "duplicate": duplicate}
    service.answers("POST", "/notifications/events", reply, status=202)
    result = run("notification", "event", "emit", "disk.full", "--data", "{}", "--id", "order-7")
    assert ("accepted before" in result.stderr) is duplicate
    assert json.loads(result.stdout) == reply
    assert service.last["headers"]["Idempotency-Key"] == "order-7"


def test_emit_with_a_bad_id(service: Any, run: Run) -> None:
    """An id that no event can have is refused before anything is sent."""
    result = run("notification", "event", "emit", "disk.full", "--data", "{}", "--id", "a.b")
    assert (result.exit_code, service.requests) == (2, [])
    assert "is not an event ID" in result.stderr


@pytest.mark.parametrize("number", ["1e400", "-1E999", "9" * 400, "9" * 9_000, "NaN", "Infinity"])
def test_emit_of_a_number_beyond_a_double(service: Any, run: Run, number: str) -> None:
    """A number that no double holds is refused before anything is sent, and not repeated whole."""
    result = run("notification", "event", "emit", "disk.full", "--data", f'{{"n": [{number}]}}')
    assert (result.exit_code, service.requests) == (1, [])
    assert "Invalid JSON data" in result.stderr
    assert len(result.stderr) < 200
