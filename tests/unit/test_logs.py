"""What functions log, in a process of their own."""

import json
import os
import subprocess
import sys
from typing import Any

from local.common import ROOT


def printed(script: str, **environment: str) -> list[dict[str, Any]]:
    """Run a script with the service's own packages; return the lines that it prints."""
    result = subprocess.run(
        [sys.executable, "-c", "import logging\nfrom notifications import logs\nlogs.set_up()\n" + script],
        env={**os.environ, "PYTHONPATH": str(ROOT / "layers" / "notifications"), **environment},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_fields() -> None:
    """A line has its level, its message, who logged it, and whatever was given along."""
    (line,) = printed("logging.getLogger('here').info('sent %d', 3, extra={'event_id': '세션'})")
    assert line.pop("timestamp").endswith("+00:00")
    assert line == {"level": "INFO", "message": "sent 3", "logger": "here", "event_id": "세션"}


def test_exception() -> None:
    """A line about an exception names it, and has the trace."""
    (line,) = printed("try:\n  {}['x']\nexcept KeyError:\n  logging.exception('missing')")
    assert (line["level"], line["errorType"], line["errorMessage"]) == ("ERROR", "KeyError", "'x'")
    assert "<string>" in line["stackTrace"][0]


def test_level() -> None:
    """LOG_LEVEL says what is logged at least."""
    script = "logging.info('little'); logging.warning('much')"
    assert [line["message"] for line in printed(script, LOG_LEVEL="WARN")] == ["much"]


def test_lambda_s_own_form_is_left_alone() -> None:
    """Where the runtime writes JSON, nothing is put between it and the loggers."""
    script = "import json; print(json.dumps({'handlers': len(logging.getLogger().handlers)}))"
    assert printed(script, AWS_LAMBDA_LOG_FORMAT="JSON") == [{"handlers": 0}]
