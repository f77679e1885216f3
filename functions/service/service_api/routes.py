"""The version, the announcement, who is calling, and the OpenAPI document."""

from typing import Any

from notifications import __version__
from notifications.api import openapi
from notifications.api.given import caller
from notifications.api.models import Document, Timestamp
from notifications.api.powertools import Router
from notifications.core.keypairs import NEWEST_VERSION
from notifications.core.model import timestamp
from notifications.core.roles import known

MANAGER_VERSION = "26.8.0rc1"
"""The release of Backend.AI whose API this is."""

router = Router()


class ServiceVersion(Document):
    """What clients must know before they sign a request."""

    version: str
    """The newest version of Backend.AI's API that the service knows."""
    manager: str
    """The release of Backend.AI whose API this is."""


class Announcement(Document):
    """The manager's announcement; this service never has one."""

    enabled: bool
    """Always false."""
    message: str
    """Always empty."""


class Caller(Document):
    """The keypair that signed the request."""

    access_key: str
    """The keypair's access key."""
    name: str | None
    """The name that the keypair was created with; null if it has none."""
    role: str
    """What it may do: `viewer`, `operator`, `editor` or `admin`; Backend.AI's superadmins are admins."""
    user_id: str
    """The user id that changes of configuration by this keypair record."""
    expires_at: Timestamp | None
    """When it expires; null if it never does."""
    service_version: str
    """The version of the service."""


@router.get("/")
def get_version() -> ServiceVersion:
    """Show the versions of the API.

    This route needs no signature, because clients call it before they sign a request.
    """
    return ServiceVersion(version=NEWEST_VERSION, manager=MANAGER_VERSION)


@router.get("/manager/announcement")
def get_announcement() -> Announcement:
    """Show the manager's announcement.

    There is never one, but Backend.AI's client asks for it before each command.
    """
    return Announcement(enabled=False, message="")


@router.get("/notifications/whoami")
def get_caller() -> Caller:
    """Show the keypair that signed the request.

    The response has its role, when it expires, and the version of the service.
    """
    keypair = caller(router)
    return Caller(
        access_key=keypair.access_key,
        name=keypair.name,
        role=known(keypair.role) or keypair.role,
        user_id=keypair.user_id,
        expires_at=None if keypair.expires_at is None else timestamp(keypair.expires_at),
        service_version=__version__,
    )


@router.get("/notifications/openapi.json")
def get_openapi() -> dict[str, Any]:
    """Get this document.

    It describes the running version of the service.
    """
    return openapi.document()
