"""What the tests of files of configuration share."""

from typing import Any

import pytest

from tests.unit.cli.config.files import APPLY, CREATE, DELETE, OPS, PLAN, SECRET, SIGNING, UPDATE, done, plan


@pytest.fixture(autouse=True)
def variables(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set the variable that the file refers to."""
    monkeypatch.setenv("SLACK_URL", SECRET)


@pytest.fixture
def applying(service: Any) -> Any:
    """Have the service apply three changes in two requests."""
    service.answers("POST", PLAN, plan(CREATE, UPDATE, DELETE))
    first = [done(CREATE, id=OPS, signing_secret=SIGNING)]
    service.answers("POST", APPLY, {"applied": first, "remaining": 2})
    service.answers("POST", APPLY, {"applied": [done(UPDATE), done(DELETE)], "remaining": 0})
    return service
