"""backend.ai notification channel update: single recipients and headers."""

from collections.abc import Callable
from typing import Any

import pytest

ID = "550e8400-e29b-41d4-a716-446655440000"
PATH = f"/notifications/channels/{ID}"
WEBHOOK = {"url": "https://hook.example.com", "headers": {"Authorization": None, "X-Team": "ops"}}
MESSAGE = {"from_email": "a@example.com", "to_emails": ["Ann <ann@example.com>", "bob@example.com"]}
EMAIL = {
    "smtp": {"host": "h", "port": 587, "use_tls": True, "timeout": 30},
    "message": MESSAGE,
    "auth": {"username": "u", "password": None},
    "ca_bundle": None,
}
UPDATE = ("notification", "channel", "update", ID)
Run = Callable[..., Any]


def channel(service: Any, kind: str, spec: dict[str, Any]) -> None:
    """Let the service have a channel."""
    made = {"channel": {"id": ID, "channel_type": kind, "spec": spec}}
    service.answers("GET", PATH, made)
    service.answers("PATCH", PATH, made)


@pytest.mark.parametrize(
    ("args", "left"),
    [
        (["--add-to", "Eve <eve@example.com>"], [*MESSAGE["to_emails"], "Eve <eve@example.com>"]),
        (["--remove-to", "ANN@example.com"], ["bob@example.com"]),
        (
            ["--remove-to", "bob@example.com", "--add-to", "eve@example.com"],
            [MESSAGE["to_emails"][0], "eve@example.com"],
        ),
        (["--add-to", "Bob <bob@example.com>"], [MESSAGE["to_emails"][0], "Bob <bob@example.com>"]),
    ],
)
def test_one_recipient_comes_or_goes(service: Any, run: Run, args: list[str], left: list[str]) -> None:
    """The rest of the spec stays, the login with it; one address is mailed once, whatever its name."""
    channel(service, "email", EMAIL)
    assert run(*UPDATE, *args).exit_code == 0
    assert service.last["body"] == {"spec": {**EMAIL, "message": {**MESSAGE, "to_emails": left}}}


OWNER = "{{ context.user_email }}"
OWNED = {**MESSAGE, "to_emails": [*MESSAGE["to_emails"], OWNER], "allowed_domains": ["example.com"]}


def test_a_recipient_that_events_name_comes(service: Any, run: Run) -> None:
    """A template is added like an address, and the domains that its addresses may have are set."""
    channel(service, "email", EMAIL)
    assert run(*UPDATE, "--add-to", OWNER, "--allowed-domain", "example.com").exit_code == 0
    assert service.last["body"] == {"spec": {**EMAIL, "message": OWNED}}


def test_a_recipient_that_events_name_goes(service: Any, run: Run) -> None:
    """A template is removed like an address; the domains stay."""
    channel(service, "email", {**EMAIL, "message": OWNED})
    assert run(*UPDATE, "--remove-to", OWNER).exit_code == 0
    left = {**OWNED, "to_emails": MESSAGE["to_emails"]}
    assert service.last["body"] == {"spec": {**EMAIL, "message": left}}


def test_the_timeout_of_a_mail_server(service: Any, run: Run) -> None:
    """--timeout is an email channel's too."""
    channel(service, "email", EMAIL)
    assert run(*UPDATE, "--timeout", "9").exit_code == 0
    assert service.last["body"]["spec"] == {**EMAIL, "smtp": {**EMAIL["smtp"], "timeout": 9}}  # type: ignore[dict-item]


def test_a_header_is_removed(service: Any, run: Run) -> None:
    """Whatever its case; the others stay, hidden ones as null."""
    channel(service, "webhook", WEBHOOK)
    assert run(*UPDATE, "--remove-header", "x-team", "--header", "X-New: 1").exit_code == 0
    headers = {"Authorization": None, "X-New": "1"}
    assert service.last["body"] == {"spec": {"url": WEBHOOK["url"], "headers": headers}}


@pytest.mark.parametrize(
    ("kind", "args", "told"),
    [
        ("email", ["--remove-to", "eve@example.com"], "'eve@example.com' is no recipient of the channel"),
        ("email", ["--remove-to", "ann@example.com", "--remove-to", "bob@example.com"], "needs a recipient"),
        ("email", ["--remove-header", "X-Team"], "--remove-header is for webhooks"),
        (
            "webhook",
            ["--add-to", "a@example.com"],
            "--add-to, --remove-to and --allowed-domain are for email",
        ),
        ("webhook", ["--allowed-domain", "example.com"], "--allowed-domain are for email"),
        ("email", ["--spec", "{}", "--allowed-domain", "example.com"], "cannot be used with"),
        ("webhook", ["--remove-header", "X-Gone"], "The channel has no header 'X-Gone'"),
        ("email", ["--spec", "{}", "--add-to", "a@example.com"], "cannot be used with"),
    ],
)
def test_what_is_refused(service: Any, run: Run, kind: str, args: list[str], told: str) -> None:
    """What does not fit the channel is refused in words, and nothing is changed."""
    channel(service, kind, EMAIL if kind == "email" else WEBHOOK)
    result = run(*UPDATE, *args)
    assert result.exit_code != 0
    assert told in result.stderr
    assert all(request["method"] == "GET" for request in service.requests)
