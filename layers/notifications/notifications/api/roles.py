"""The role that each route needs. A route that is missing here needs an admin, and a test fails."""

from typing import Final

from notifications.core.errors import Forbidden
from notifications.core.keypairs import Keypair
from notifications.core.roles import ROLES, Role, allows, known

NEEDED: Final[dict[str, Role]] = {
    "GET /manager/announcement": "viewer",
    "GET /notifications/audit": "viewer",
    "POST /notifications/backtests": "viewer",
    "POST /notifications/channels": "editor",
    "POST /notifications/channels/search": "viewer",
    "GET /notifications/channels/{channel_id}": "viewer",
    "PATCH /notifications/channels/{channel_id}": "editor",
    "DELETE /notifications/channels/{channel_id}": "editor",
    "POST /notifications/channels/{channel_id}/resume": "operator",
    "POST /notifications/channels/{channel_id}/revert": "editor",
    "GET /notifications/channels/{channel_id}/revisions": "viewer",
    "GET /notifications/channels/{channel_id}/revisions/{number}": "viewer",
    "POST /notifications/channels/{channel_id}/rotate-secret": "admin",
    "POST /notifications/channels/{channel_id}/validate": "operator",
    "POST /notifications/configuration/adopt": "editor",
    "POST /notifications/configuration/apply": "editor",
    "POST /notifications/configuration/export": "viewer",
    "POST /notifications/configuration/plan": "viewer",
    "POST /notifications/configuration/test": "viewer",
    "GET /notifications/deliveries": "viewer",
    "GET /notifications/deliveries/{delivery_id}": "viewer",
    "POST /notifications/deliveries/{delivery_id}/retry": "operator",
    "GET /notifications/event-types": "viewer",
    "POST /notifications/event-types": "editor",
    "GET /notifications/event-types/{name}": "viewer",
    "PATCH /notifications/event-types/{name}": "editor",
    "DELETE /notifications/event-types/{name}": "editor",
    "GET /notifications/event-types/{name}/revisions": "viewer",
    "GET /notifications/event-types/{name}/revisions/{number}": "viewer",
    "GET /notifications/event-types/{name}/sample": "viewer",
    "GET /notifications/events": "viewer",
    "POST /notifications/events": "operator",
    "POST /notifications/events/tail": "viewer",
    "GET /notifications/events/{event_id}": "viewer",
    "POST /notifications/events/{event_id}/dispatch": "operator",
    "GET /notifications/events/{event_id}/explanation": "viewer",
    "GET /notifications/mutes": "viewer",
    "POST /notifications/mutes": "operator",
    "GET /notifications/mutes/{mute_id}": "viewer",
    "POST /notifications/mutes/{mute_id}/end": "operator",
    "GET /notifications/mutes/{mute_id}/revisions": "viewer",
    "GET /notifications/mutes/{mute_id}/revisions/{number}": "viewer",
    "GET /notifications/openapi.json": "viewer",
    "POST /notifications/previews": "viewer",
    "GET /notifications/rule-types": "viewer",
    "GET /notifications/rule-types/{rule_type}/schema": "viewer",
    "POST /notifications/rules": "editor",
    "POST /notifications/rules/search": "viewer",
    "GET /notifications/rules/{rule_id}": "viewer",
    "PATCH /notifications/rules/{rule_id}": "editor",
    "DELETE /notifications/rules/{rule_id}": "editor",
    "POST /notifications/rules/{rule_id}/replay": "operator",
    "POST /notifications/rules/{rule_id}/revert": "editor",
    "GET /notifications/rules/{rule_id}/revisions": "viewer",
    "GET /notifications/rules/{rule_id}/revisions/{number}": "viewer",
    "POST /notifications/rules/{rule_id}/validate": "viewer",
    "POST /notifications/simulations": "viewer",
    "GET /notifications/status": "viewer",
    "GET /notifications/whoami": "viewer",
    "POST /v2/notifications/channels": "editor",
    "POST /v2/notifications/channels/delete": "editor",
    "POST /v2/notifications/channels/search": "viewer",
    "POST /v2/notifications/channels/validate": "operator",
    "GET /v2/notifications/channels/{channel_id}": "viewer",
    "PATCH /v2/notifications/channels/{channel_id}": "editor",
    "POST /v2/notifications/rules": "editor",
    "POST /v2/notifications/rules/delete": "editor",
    "POST /v2/notifications/rules/search": "viewer",
    "POST /v2/notifications/rules/validate": "viewer",
    "GET /v2/notifications/rules/{rule_id}": "viewer",
    "PATCH /v2/notifications/rules/{rule_id}": "editor",
}
"""The least role for a method and a path of template.yaml; ``GET /`` needs no keypair at all."""


def permit(caller: Keypair, method: str, resource: str) -> None:
    """Refuse a caller whose role does not suffice for a route. ``resource``: its path, with parameters.

    Raises:
        Forbidden: the error has the role that is needed, and the one that the keypair has.
    """
    # All callers who may read learn that a path does not exist, but Backend.AI's own users do not.
    needed: Role = "viewer" if "+}" in resource else NEEDED.get(f"{method} {resource}", "admin")
    if allows(caller.role, needed):
        return
    enough = needed if needed == ROLES[-1] else f"{needed} or a higher one"
    name = f" ({caller.name})" if caller.name else ""
    role = known(caller.role) or caller.role
    raise Forbidden(
        f"This needs the role {enough}; the keypair {caller.access_key}{name} has the role {role}",
        {"needed": needed, "role": role},
    )
