"""Export the stored configuration. Secrets are not read, so exporting needs no right to decrypt them."""

from collections.abc import Iterator
from datetime import UTC, datetime

from configuration_api.export_models import ExportIn, ExportOut, VariableOut
from configuration_api.models import MAX_ENTRIES, SECTIONS
from notifications.core.config_files.exporting import Exported, Stored, export
from notifications.core.config_files.keyed import Wanted
from notifications.core.errors import InvalidRequest
from notifications.core.managing import Managed
from notifications.core.model import timestamp
from notifications.core.nearest import hint, quoted
from notifications.wiring import Services


def exported(services: Services, request: ExportIn) -> ExportOut:
    """Write the requested objects as the document of a file.

    Raises:
        InvalidRequest: the request names neither a set nor ``all``, or nothing belongs to the set.
    """
    if request.set is None and not request.all:
        raise InvalidRequest("set: say which set, or all: true for everything that is stored")
    stored = _stored(services)
    if not request.all:
        _require(request.set or "", {managed.set for managed in _managed(stored)})
    made = export(stored, Wanted(request.set, request.all))
    variables = [VariableOut(name=each.name, key=each.key, path=each.path) for each in made.variables]
    return ExportOut(document=made.document, variables=variables, notes=[*made.notes, *_too_many(made)])


def _stored(services: Services) -> Stored:
    """Read the whole configuration, except built-in event types and mutes that have ended."""
    channels = services.channels.get_many([each.id for each in services.channels.summaries()])
    rules = services.rules.get_many([each.id for each in services.rules.summaries()])
    return Stored(
        channels=[*channels.values()],
        event_types=[each for each in services.event_types.all() if not each.built_in],
        rules=[*rules.values()],
        mutes=services.mutes.not_over(timestamp(datetime.now(UTC))),
    )


def _too_many(made: Exported) -> Iterator[str]:
    """Say that a document has more than a set may have."""
    count = sum(len(made.document.get(section, ())) for section in SECTIONS.values())
    if count > MAX_ENTRIES:
        message = f"The document has {count:,} entries, and a set at most {MAX_ENTRIES:,}"
        yield f"{message}: divide it into several sets"


def _managed(stored: Stored) -> Iterator[Managed]:
    for section in (stored.channels, stored.event_types, stored.rules, stored.mutes):
        yield from (each.managed for each in section if each.managed is not None)


def _require(name: str, sets: set[str]) -> None:
    if name in sets:
        return
    message = hint(name, sets) if sets else "; nothing is managed by a set yet: give all: true"
    raise InvalidRequest(f"set: nothing belongs to the set {quoted(name)}{message}")
