"""The manager's API: does it answer, and what may the keypair see?"""

from collections.abc import Iterator

from backendai_notification_bridge.checking.finding import Finding, good, limited, missing
from backendai_notification_bridge.core.errors import TryLater
from backendai_notification_bridge.manager.graphql import Manager

SEES = {
    "admin": "it sees the sessions of its own domain only; a superadmin's sees all",
    "user": "it sees its own sessions only; a superadmin's sees all",
    "monitor": "it may not see all sessions; a superadmin's does",
}


def look(manager: Manager | None) -> Iterator[Finding]:
    """Check the keypair's role."""
    if manager is None:
        yield limited(
            "Manager: no endpoint and keypair are set. session.started and session.terminated will come from "
            "releases 25.17 to 25.19 only, and no event has a context"
        )
        return
    try:
        role = manager.role()
    except TryLater as error:
        yield missing(f"Manager: {error.reason}")
        return
    if role == "superadmin":
        yield good("Manager: it answers, and the keypair is a superadmin's")
    else:
        yield limited(
            f"Manager: the keypair's role is {role}: {SEES.get(role or '', 'what it sees is unknown')}"
        )
