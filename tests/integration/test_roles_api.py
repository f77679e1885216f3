"""Every route lets those pass whose role suffices, and says to all others which one is needed."""

import re

import pytest

from notifications import __version__
from notifications.api.roles import NEEDED
from notifications.core.roles import ROLES
from tests.cloud import gateway
from tests.cloud.gateway import KEYS_OF_ROLES, ROUTES, call
from tests.template import Route

pytestmark = pytest.mark.usefixtures("cloud")

FORBIDDEN = (403, "generic-forbidden", "backendai_generic_forbidden")
USER = gateway.USER_ACCESS_KEY, gateway.USER_SECRET_KEY
PROTECTED = [route for route in ROUTES if (route.method, route.path) != ("GET", "/")]
CATCH_ALL = "/{proxy+}"


def concrete(path: str) -> str:
    """Fill in a route's parameters."""
    return re.sub(r"{[a-z_]+\+?}", "550e8400-e29b-41d4-a716-446655440000", path)


@pytest.mark.parametrize("route", PROTECTED, ids=lambda route: f"{route.method} {route.path}")
def test_roles(route: Route) -> None:
    """A role below the needed one is answered 403 with both roles; the needed one and those above pass."""
    needed = "viewer" if route.path == CATCH_ALL else NEEDED[f"{route.method} {route.path}"]
    for role, key in KEYS_OF_ROLES.items():
        answer = call(route.method, concrete(route.path), {}, key=key)
        if ROLES.index(role) >= ROLES.index(needed):
            assert answer.status != 403, role
        else:
            assert answer.kind == FORBIDDEN, role
            assert answer.json["data"] == {"needed": needed, "role": role}
            told = f"This needs the role {needed}"
            assert answer.json["msg"].startswith(told)
            assert answer.json["msg"].endswith(f"the keypair {key[0]} has the role {role}")


@pytest.mark.parametrize("route", PROTECTED, ids=lambda route: f"{route.method} {route.path}")
def test_backendais_users_may_do_nothing(route: Route) -> None:
    """Signed by a keypair with Backend.AI's role user, a route answers 403, also one that is not there."""
    answer = call(route.method, concrete(route.path), {}, key=USER)
    assert answer.kind == FORBIDDEN
    assert answer.json["data"]["role"] == "user"


def test_superadmins_are_admins() -> None:
    """A keypair of a former release, whose role is superadmin, passes where only admins do."""
    path = concrete("/notifications/channels/{channel_id}/rotate-secret")
    assert call("POST", path, {}).status == 404


@pytest.mark.parametrize("role", ROLES)
def test_whoami(role: str) -> None:
    """Each caller is told its own keypair, role and end, and the service's version."""
    access_key, secret_key = KEYS_OF_ROLES[role]
    assert call("GET", "/notifications/whoami", key=(access_key, secret_key)).json == {
        "access_key": access_key,
        "name": None,
        "role": role,
        "user_id": f"u-{role}",
        "expires_at": None,
        "service_version": __version__,
    }
    assert call("GET", "/notifications/whoami").json["role"] == "admin"
    assert call("GET", "/notifications/whoami?as=me").status == 400
