"""What tests of revisions share: a channel and a rule with their first revision, and what is read of them."""

from typing import Any

import pytest
import trustme

from notifications.core.model import Channel, Rule
from notifications.core.revisions import Author, Revision
from notifications.core.rule_types import BUILT_IN
from notifications.core.secrets import SigningSecret
from notifications.store.revisions import RevisionStore
from tests.cloud import values
from tests.cloud.gateway import call
from tests.cloud.services import services

STARTED = BUILT_IN["session.started"]
ANN, BEN = Author("AKIAANN", "user-1", "ann"), Author("AKIABEN", "user-2")
MANY = 1_000
CANARY = "a-secret-to-look-for"
CERTIFIED = trustme.CA().issue_cert("client@example.com")


@pytest.fixture
def revisions() -> RevisionStore:
    """Open the store of revisions."""
    return services().revisions


@pytest.fixture
def kept() -> Channel:
    """Have a channel with one revision; Ann created it."""
    made = values.channel()
    services().channels.create(made, [SigningSecret("whsec_1")], ANN)
    return made


@pytest.fixture
def rule(kept: Channel) -> Rule:
    """Have a rule on it with one revision; Ann created it."""
    made = values.rule(kept)
    services().rules.create(made, STARTED, ANN)
    return made


def summaries(found: list[Revision]) -> list[tuple[int, str, Author | None, tuple[str, ...]]]:
    """Return number, action, author and changed fields of revisions."""
    return [(each.number, each.action, each.by, each.changed) for each in found]


def history(kind: Any, identity: str) -> list[Revision]:
    """Read all revisions of one thing, newest first, with their states."""
    listed = services().revisions.page(kind, identity, MANY).revisions
    return [services().revisions.get(kind, identity, each.number) for each in listed]


def listed(path: str) -> list[dict[str, Any]]:
    """Read the revisions of something."""
    answer = call("GET", f"{path}/revisions")
    assert answer.status == 200, answer
    found: list[dict[str, Any]] = answer.json["revisions"]
    return found


def ask(method: str, path: str, body: Any = None, status: int = 200) -> Any:
    """Make a request that succeeds."""
    answer = call(method, path, body)
    assert answer.status == status, answer
    return answer.json


def with_secrets(number: int) -> dict[str, dict[str, Any]]:
    """Make the specs of a webhook channel and an email channel, with secrets of every kind."""
    webhook: dict[str, Any] = {
        "url": "https://example.com/",
        "headers": {
            "Authorization": f"{CANARY}-a{number}",
            "X-Api-Key": f"{CANARY}-b{number}",
            "X-Team": "a",
        },
        "client_certificate": CERTIFIED.cert_chain_pems[0].bytes().decode(),
        "client_key": CERTIFIED.private_key_pem.bytes().decode(),
    }
    email: dict[str, Any] = {
        "smtp": {"host": "smtp.example.com", "port": 587},
        "message": {"from_email": "a@example.com", "to_emails": ["b@example.com"]},
        "auth": {"username": "u", "password": f"{CANARY}-c{number}"},
    }
    return {"webhook": webhook, "email": email}
