"""The context that the app passes to each route besides the request."""

from notifications.api.powertools import Router
from notifications.core.keypairs import Keypair
from notifications.core.revisions import Author
from notifications.wiring import Services


def services(router: Router) -> Services:
    """Return the function's services."""
    given: Services = router.context["services"]
    return given


def caller(router: Router) -> Keypair:
    """Return the caller's keypair."""
    given: Keypair = router.context["caller"]
    return given


def author(router: Router) -> Author:
    """Return the caller as the author of a change."""
    keypair = caller(router)
    return Author(keypair.access_key, keypair.user_id, keypair.name)
