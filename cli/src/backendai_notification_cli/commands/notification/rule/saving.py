"""Save rules: with a template, with the default message, and in pairs of which one resolves."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from backendai_notification_cli.errors import CliError, Refused
from backendai_notification_cli.http.service import FORCE, WITH_CUSTOM
from backendai_notification_cli.http.wording import spoken
from backendai_notification_cli.terminal.output import warn

if TYPE_CHECKING:
    from backendai_notification_cli.http.api import Api

PATH = "/notifications/rules"
NO_TEMPLATE = "message_template: channel "
"""How the service begins what it says of a rule that needs a template."""


def save(
    api: "Api",
    method: str,
    path: str,
    body: Mapping[str, Any],
    *,
    force: bool,
    warned: set[str] | None = None,
) -> dict[str, Any]:
    """Create or change a rule, warn of what the service warns of, and return the rule.

    ``warned``: what was warned of before, which is not told again; it grows.
    """
    try:
        reply = api.call(method, f"{path}{WITH_CUSTOM}{FORCE if force else ''}", body)
    except Refused as refused:
        if not refused.served.startswith(NO_TEMPLATE):
            raise
        told = f"Must specify either --template or --template-file: {refused.served.partition(': ')[2]}"
        raise Refused(refused.status, told, *refused.details) from None
    known = set() if warned is None else warned
    for told in [told for warning in reply.get("warnings") or () for told in spoken(str(warning))]:
        if told not in known:
            warn(told)
        known.add(told)
    return api.part(reply, "rule")


def check_pair(body: Mapping[str, Any], resolve_on: str) -> None:
    """Refuse to resolve incidents that messages do not identify, or that would be resolved at once.

    Raises:
        UsageError: there is no key of the incident, a template that would not have it, or one type for both.
    """
    if resolve_on == body.get("rule_type"):
        raise click.UsageError(
            f"--resolve-on {resolve_on} would resolve each incident by the event that opens it: name the "
            "type of the event that tells of its end."
        )
    if not body.get("message", {}).get("dedup"):
        raise click.UsageError("--resolve-on needs --dedup, the key of the incident that both messages have.")
    if "message_template" in body:
        raise click.UsageError(
            "--resolve-on sends PagerDuty's default messages: leave out --template and --template-file."
        )


def create_pair(
    api: "Api", body: Mapping[str, Any], resolve_on: str, *, force: bool
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Create a rule that triggers incidents, and one that resolves them; both, or none.

    Raises:
        CliError: the second rule was refused; the first one is gone again.
    """
    triggers = {**body, "message": {**body["message"], "action": "trigger"}}
    warned: set[str] = set()
    first = save(api, "POST", PATH, triggers, force=force, warned=warned)
    try:
        resolves = _resolving(body, resolve_on)
        return first, save(api, "POST", PATH, resolves, force=force, warned=warned)
    except CliError as error:
        undone = _undo(api, str(first.get("id")))
        # Its fields are not those that the options gave.
        why = error.served if isinstance(error, Refused) else error.message
        told = f"The rule that resolves on {resolve_on} could not be made: {why}"
        raise CliError(told, *error.details, undone) from None


def _resolving(body: Mapping[str, Any], resolve_on: str) -> dict[str, Any]:
    """Make the request of the rule that resolves, on the same channel and with the same key."""
    kept = {name: body[name] for name in ("channel_id", "enabled", "observe", "description") if name in body}
    message = {"dedup": body["message"]["dedup"], "action": "resolve"}
    return {**kept, "name": f"{body['name']} (resolve)", "rule_type": resolve_on, "message": message}


def _undo(api: "Api", rule_id: str) -> str:
    try:
        api.call("DELETE", f"{PATH}/{rule_id}{WITH_CUSTOM}")
    except CliError as error:
        return f"The rule {rule_id}, which triggers, was made and could not be deleted: {error.message}"
    return "The rule that triggers was deleted again."
