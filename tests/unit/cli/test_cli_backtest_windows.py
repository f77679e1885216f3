"""backend.ai notification rule backtest, of a rule with once-per or a digest."""

from typing import Any

import pytest

from tests.unit.cli.records import RULE_ID
from tests.unit.cli.test_cli_backtest import BACKTEST, PATH, Run, page

pytestmark = pytest.mark.usefixtures("utc")


def test_messages_are_told_and_windows_handed_on(service: Any, run: Run) -> None:
    """The messages of the pages are added up, and each page gets the windows that the last one left."""
    service.answers("POST", PATH, page("a", searched=200, hits=9, messages=2, windows="[{},{}]"))
    service.answers("POST", PATH, page(searched=50, hits=3, messages=1, windows="[{},{}]"))
    result = run(*BACKTEST, RULE_ID, "--since", "2026-01-15T00:00Z", "--until", "2026-01-16T00:00Z")
    assert result.stdout.splitlines()[1:3] == [
        "12 hits among 250 events (4.8 %)",
        "3 messages by once-per and digest, counted from these events alone",
    ]
    assert [request["body"].get("windows") for request in service.requests] == [None, "[{},{}]"]
