"""What a route is given with each request, beside the request itself."""

from notifications.api.powertools import Router
from notifications.core.keypairs import Keypair
from notifications.wiring import Services


def services(router: Router) -> Services:
    """Return what the function's routes work with."""
    given: Services = router.context["services"]
    return given


def caller(router: Router) -> Keypair:
    """Return whose request it is."""
    given: Keypair = router.context["caller"]
    return given
