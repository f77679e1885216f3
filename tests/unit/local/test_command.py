"""The port that a command of the local stack uses."""

from pathlib import Path

import pytest

from local import command
from local.common import StackError
from local.stack import DEFAULT_PORT


@pytest.fixture
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Have a clone without a local stack."""
    monkeypatch.setattr(command, "DIRECTORY", tmp_path)
    return tmp_path


def test_a_stopped_stack_keeps_its_port(directory: Path) -> None:
    """Without a PORT the usual one is taken, then the one that the stack had; a PORT that is given wins."""
    assert command.port("") == DEFAULT_PORT
    (directory / "env").write_text("BACKEND_ENDPOINT=http://h:1/x\nAWS_ENDPOINT_URL=http://127.0.0.1:4567\n")
    assert command.port("") == 4567
    assert command.port("4570") == 4570


@pytest.mark.parametrize("text", ["0", "65536", "x", "-1"])
def test_no_port(text: str) -> None:
    """What is no port is refused with what one is."""
    with pytest.raises(StackError, match="PORT must be a number from 1 to 65535"):
        command.port(text)
