"""A file of configuration, and what the service answers about it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

PATH = "/notifications/configuration"
PLAN, APPLY, TEST, ADOPT, EXPORT = (
    f"{PATH}/{route}" for route in ("plan", "apply", "test", "adopt", "export")
)
SIGNING = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
SECRET = "https://hooks.slack.com/services/T0AB/B0CD/abcdefghijkl"
OPS = "550e8400-e29b-41d4-a716-446655440000"
FAILED = "660e8400-e29b-41d4-a716-446655440000"

TEXT = """\
set: prod
channels:
  ops:
    name: Ops Slack
    spec:
      preset: slack
      url: ${env:SLACK_URL}
rules:
  failed:
    rule_type: session.failed
    channel: ops
    message_template: |
      one
      three
"""

CREATE = {
    "action": "create",
    "kind": "channel",
    "key": "ops",
    "id": None,
    "name": "Ops Slack",
    "differences": [
        {"path": "name", "before": None, "after": "Ops Slack"},
        {"path": "spec.url", "before": None, "after": "https://hooks.slack.com/***"},
    ],
    "warnings": [],
}
UPDATE = {
    "action": "update",
    "kind": "rule",
    "key": "failed",
    "id": FAILED,
    "name": "failed",
    "differences": [
        {"path": "enabled", "before": False, "after": True},
        {"path": "name", "before": "Old", "after": "failed"},
        {"path": "message_template", "before": "one\ntwo\nthree\n", "after": "one\nthree\n"},
    ],
    "warnings": ["alice changed it on 2026-11-29 (revision 4): this undoes that"],
}
DELETE = {**UPDATE, "action": "delete", "key": "old", "name": "Old rule", "differences": [], "warnings": []}


def written(folder: Path, text: str = TEXT, name: str = "prod.yaml") -> str:
    """Write a file, and return its path."""
    path = folder / name
    path.write_text(text, "utf-8")
    return str(path)


def plan(*changes: Mapping[str, Any], unchanged: int = 5, **more: Any) -> dict[str, Any]:
    """Return a plan as the service makes it."""
    made = {"set": "prod", "version": "v1", "changes": [*changes], "unchanged": unchanged, "warnings": []}
    return {**made, **more}


def faults(*errors: tuple[list[str | int], str]) -> dict[str, Any]:
    """Return the problem that tells of faults in a document."""
    listed = [{"type": "invalid", "loc": loc, "msg": message} for loc, message in errors]
    return {
        "type": "https://api.backend.ai/probs/notification-configuration-faults",
        "title": "The configuration has faults.",
        "data": {"errors": listed},
    }


def done(change: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return what the service says of a change that it has made."""
    kept = {name: change[name] for name in ("action", "kind", "key", "id", "name")}
    return {**kept, "signing_secret": None, **more}


def applied(service: Any) -> list[dict[str, Any]]:
    """Return the bodies of what was to be applied."""
    return [sent["body"] for sent in service.requests if sent["path"] == APPLY]
