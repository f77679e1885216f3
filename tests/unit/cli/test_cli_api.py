"""backend.ai notification api."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]


def test_a_call_is_signed_and_its_answer_printed(service: Any, run: Run, tmp_path: Path) -> None:
    """Method, path and body go out as given, from an option or a file; the JSON that comes is printed."""
    service.answers("POST", "/notifications/channels/search", {"channels": [], "name": "채널"})
    file = tmp_path / "body.json"
    file.write_text('{"limit": 1}')
    for given in (("--data", '{"limit": 1}'), ("--data-file", str(file))):
        result = run("notification", "api", "post", "/notifications/channels/search", *given)
        assert (result.exit_code, result.stderr) == (0, "")
        assert result.stdout == '{\n  "channels": [],\n  "name": "채널"\n}\n'
        assert service.last["body"] == {"limit": 1}
        assert "BackendAI signMethod" in service.last["headers"]["Authorization"]


def test_a_query_goes_out_in_order(service: Any, run: Run) -> None:
    """The parts of a query are sorted before they are signed, since the gateway keeps no order."""
    service.answers("GET", "/notifications/events?limit=5&status=refused", {"events": []})
    result = run("notification", "api", "GET", "/notifications/events?status=refused&limit=5")
    assert result.exit_code == 0, result.stderr
    assert service.last["body"] is None


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("GET", "notifications"), 2, "must begin with a slash"),
        (("GET", "https://example.com/"), 2, "must begin with a slash"),
        (("GET", "/a b"), 2, "has a space"),
        (("GET", "/a\r\nHost: b"), 2, "has a space, a control character"),
        (("GET", "/é"), 2, "beyond ASCII"),
        (("GET", "/a#b"), 2, "write it as %23"),
        (("TRACE", "/"), 2, "'TRACE' is not one of"),
        (("POST", "/", "--data", "[1]"), 1, "expected an object"),
        (("POST", "/", "--data", "{}", "--data-file", "-"), 1, "Cannot specify both"),
        (("POST", "/", "--data", "{it", "s}"), 2, "surplus argument"),
    ],
)
def test_what_cannot_be_sent_is_told(
    service: Any, run: Run, arguments: tuple[str, ...], code: int, told: str
) -> None:
    """A path, method or body that no request can have is refused before anything is sent."""
    result = run("notification", "api", *arguments)
    assert (result.exit_code, result.stdout) == (code, "")
    assert told in result.stderr
    assert service.requests == []


def test_the_services_errors_are_told(service: Any, run: Run) -> None:
    """A refusal ends with 1 and what the service says of it."""
    problem = {"title": "Not Found.", "msg": "Channel x does not exist"}
    service.answers("DELETE", "/notifications/channels/x", problem, 404, "application/problem+json")
    result = run("notification", "api", "DELETE", "/notifications/channels/x")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "Channel x does not exist" in result.stderr
