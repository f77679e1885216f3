"""The environment that the local stack's programs get."""

import pytest

from local.common import plain_env


@pytest.mark.parametrize(
    "name", ["AWS_PROFILE", "AWS_ENDPOINT_URL", "PYTHONPATH", "PYTHONWARNINGS", "MAKEFLAGS"]
)
def test_what_would_lead_elsewhere_is_dropped(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """No profile, endpoint, path or flag of the caller reaches sam, ministack or the functions."""
    monkeypatch.setenv(name, "elsewhere")
    assert name not in plain_env()


def test_this_machine_is_reached_without_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Loopback is added to what the caller reaches without a proxy."""
    monkeypatch.setenv("no_proxy", "intranet.example")
    assert plain_env()["no_proxy"] == "intranet.example,127.0.0.1,localhost"


@pytest.mark.parametrize(("directory", "kept"), [("/a b", False), ("/ab", True)])
def test_a_temporary_directory_that_make_can_not_work_in(
    directory: str, monkeypatch: pytest.MonkeyPatch, *, kept: bool
) -> None:
    """A TMPDIR with a space in it is not handed on, any other is."""
    monkeypatch.setenv("TMPDIR", directory)
    assert ("TMPDIR" in plain_env()) is kept
