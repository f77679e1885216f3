"""The version, the announcement, and the OpenAPI document."""

from typing import Any

from notifications.api import openapi
from notifications.api.models import Document
from notifications.api.powertools import Router
from notifications.core.keypairs import NEWEST_VERSION

MANAGER_VERSION = "26.8.0rc1"
"""The release of Backend.AI whose API this is."""

router = Router()


class Version(Document):
    """What clients need to know before they sign anything."""

    version: str
    manager: str


class Announcement(Document):
    """The manager's announcement; this service never has one."""

    enabled: bool
    message: str


@router.get("/")
def get_version() -> Version:
    """Tell which API this is; needs no signature."""
    return Version(version=NEWEST_VERSION, manager=MANAGER_VERSION)


@router.get("/manager/announcement")
def get_announcement() -> Announcement:
    """Answer what Backend.AI's client asks before each command."""
    return Announcement(enabled=False, message="")


@router.get("/notifications/openapi.json")
def get_openapi() -> dict[str, Any]:
    """Give the OpenAPI document of all routes."""
    return openapi.document()
