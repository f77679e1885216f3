"""Parts of an email channel's spec change by themselves."""

from typing import Any

import pytest

from tests.cloud.gateway import call
from tests.cloud.services import services

SMTP = {"host": "mail.example.com", "port": 587, "use_tls": True, "timeout": 7}
MESSAGE = {"from_email": "A <a@example.com>", "to_emails": ["b@example.com"], "subject_template": "s"}
AUTH = {"username": "user", "password": "hunter2"}
pytestmark = pytest.mark.usefixtures("cloud")


def made(spec: dict[str, Any], kind: str) -> str:
    """Make a channel; return its path."""
    body = {"name": "c", "channel_type": kind, "spec": spec}
    return f"/notifications/channels/{call('POST', '/notifications/channels', body).json['channel']['id']}"


@pytest.fixture
def mail() -> str:
    """Make an email channel with a login."""
    return made({"smtp": SMTP, "message": MESSAGE, "auth": AUTH}, "email")


@pytest.mark.parametrize(
    ("parts", "changed"),
    [
        ({"message": {"to_emails": ["c@example.com"]}}, {"to_emails": ("c@example.com",)}),
        ({"smtp": {"timeout": 9}}, {"timeout": 9.0}),
        ({"auth": {"password": "new"}}, {"password": "new"}),
        ({"auth": None}, {"username": None, "password": None}),
        ({"message": {"subject_template": None}}, {"subject_template": None}),
    ],
)
def test_a_part_changes_and_the_rest_stays(mail: str, parts: Any, changed: dict[str, Any]) -> None:
    """What is absent stays as it is, the sealed password with it."""
    assert call("PATCH", mail, {"spec": parts}).status == 200
    spec = services().vault.opened(services().channels.get(mail.rpartition("/")[2])).spec
    before = {
        "host": "mail.example.com", "timeout": 7.0, "from_email": "A <a@example.com>",
        "to_emails": ("b@example.com",), "subject_template": "s", "username": "user", "password": "hunter2",
    }  # fmt: skip
    assert {name: getattr(spec, name) for name in before} == before | changed


def test_a_whole_spec_replaces(mail: str) -> None:
    """A spec with server and message is the whole, as stock clients send it: no login in it is none."""
    assert (
        call("PATCH", mail, {"spec": {"smtp": SMTP, "message": MESSAGE}}).json["channel"]["spec"]["auth"]
        is None
    )


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ({"message": {"to_emails": []}}, "to_emails"),
        ({"message": {"to_emails": ["a@example.com, b@example.com"]}}, "several addresses"),
        ({"smtp": {"port": 0}}, "port"),
        ({"to_emails": ["c@example.com"]}, "none of smtp, message, auth"),
        ({}, "none of smtp, message, auth"),
        ({"url": "https://hooks.example.com"}, "is of type email, which cannot be changed"),
    ],
)
def test_what_is_refused(mail: str, parts: Any, told: str) -> None:
    """A wrong part is refused by its name; no webhook's field is asked for."""
    answer = call("PATCH", mail, {"spec": parts})
    assert answer.status == 400
    assert told in str(answer.json)
    assert "webhook." not in str(answer.json)


def test_parts_of_mail_on_a_webhook() -> None:
    """A webhook channel is told what its spec has."""
    answer = call(
        "PATCH", made({"url": "https://hooks.example.com"}, "webhook"), {"spec": {"message": MESSAGE}}
    )
    assert answer.status == 400
    assert "whose spec has a url" in str(answer.json)
