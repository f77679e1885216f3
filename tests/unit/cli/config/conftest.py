"""What the tests of files of configuration share."""

import pytest

from tests.unit.cli.config.files import SECRET


@pytest.fixture(autouse=True)
def variables(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set the variable that the file refers to."""
    monkeypatch.setenv("SLACK_URL", SECRET)
