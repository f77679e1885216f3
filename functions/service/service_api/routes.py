"""The version, the announcement, and the OpenAPI document."""

from typing import Any

from notifications.api import openapi
from notifications.api.models import Document
from notifications.api.powertools import Router
from notifications.core.keypairs import NEWEST_VERSION

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


@router.get("/")
def get_version() -> ServiceVersion:
    """Return which API this is.

    It needs no signature, because clients ask it before they sign a request.
    """
    return ServiceVersion(version=NEWEST_VERSION, manager=MANAGER_VERSION)


@router.get("/manager/announcement")
def get_announcement() -> Announcement:
    """Show the manager's announcement.

    There is never one, but Backend.AI's client asks for it before each command.
    """
    return Announcement(enabled=False, message="")


@router.get("/notifications/openapi.json")
def get_openapi() -> dict[str, Any]:
    """Get this document.

    It describes the running version of the service.
    """
    return openapi.document()
