"""How mutes are shown."""

from collections.abc import Iterator
from typing import Any

from backendai_notification_cli.commands.notification.rule.rules import condition
from backendai_notification_cli.terminal.kinds import Column, Item, Kind

PATH = "/notifications/mutes"
LABELS = {
    "ID": "id",
    "Reason": "reason",
    "State": "state",
    "Changes": "changes_at",
    "About": "about",
    "Until": "until",
    "Hold": "hold",
    "By": "by",
    "Created": "created_at",
    "Suppressed": "suppressed",
}


def about(mute: Item) -> str:
    """Say which deliveries a mute keeps back; all that it names must fit."""
    return "; ".join(_parts(mute)) or "everything"


def _parts(mute: Item) -> Iterator[str]:
    for kind in ("rule", "channel"):
        named = mute.get(f"{kind}_id")
        if named:
            yield f"{kind} {mute.get(kind) or f'{named} (deleted)'}"
    if mute.get("rule_type"):
        yield f"type {mute['rule_type']}"
    if told := condition(mute):
        yield f"where {told}"


def author(mute: Item) -> str:
    """Name who created a mute: by the keypair's name if it has one."""
    by = mute.get("created_by") or {}
    return str(by.get("name") or by.get("access_key"))


def suppressed(mute: Item) -> Any:
    """Return how many deliveries a mute keeps back."""
    count = mute.get("suppressed")
    return f"{count} or more" if mute.get("suppressed_cut") else count


def _block(mute: Item) -> Item:
    return {**mute, "about": about(mute), "by": author(mute), "suppressed": suppressed(mute)}


def _windows(mute: Item) -> Iterator[tuple[str, Any]]:
    yield from (("Weekly", window) for window in mute.get("weekly") or ())
    if mute.get("ended_at"):
        yield "Ended", mute["ended_at"]


MUTE = Kind(
    labels=LABELS,
    nothing="No mutes found",
    more=_windows,
    block=_block,
    fields=(
        *("id", "reason", "state", "changes_at", "rule_id", "rule", "channel_id", "channel", "rule_type"),
        *("condition", "where", "everything", "until", "weekly", "hold", "created_at", "created_by"),
        *("ended_at", "suppressed", "suppressed_cut", "managed"),
    ),
    columns=(
        Column("reason", "reason"),
        Column("state", "state", "state"),
        Column("changes", "changes_at", "time"),
        Column("about", about),
        Column("by", author),
        Column("suppressed", suppressed, "number"),
        Column("id", "id", "id"),
    ),
)
