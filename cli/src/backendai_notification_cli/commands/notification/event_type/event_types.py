"""How event types are shown."""

from backendai_notification_cli.terminal.kinds import Column, Item, Kind


def _kind(event_type: Item) -> str:
    return "built-in" if event_type.get("built_in") else "custom"


def _with_kind(event_type: Item) -> Item:
    return {**event_type, "kind": _kind(event_type)}


EVENT_TYPE = Kind(
    labels={"Name": "name", "Kind": "kind", "Description": "description"},
    nothing="No event types found",
    fields=(
        *("name", "description", "json_schema", "built_in", "managed"),
        *("created_at", "created_by", "updated_at"),
    ),
    columns=(Column("name", "name"), Column("kind", _kind), Column("description", "description")),
    id="name",
    block=_with_kind,
)
