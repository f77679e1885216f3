"""The fields of an event in options: as JSON, in a whole event document, or as a sample."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from backendai_notification_cli.errors import CliError
from backendai_notification_cli.http.service import segment
from backendai_notification_cli.terminal.inputs import FILE, json_object, one_of
from backendai_notification_cli.terminal.visible import visible

if TYPE_CHECKING:
    from backendai_notification_cli.http.api import Api

DOCUMENT_KEYS = {"source", "detail-type", "detail"}
TRIGGERED = "notification_triggered"  # the detail-type of Backend.AI's own event, which has the type inside


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields that the options give; None if the service is to make a sample."""

    given: Mapping[str, Any] | None

    def of(self, api: "Api", rule_type: str) -> Mapping[str, Any]:
        """Return the fields of an event of this type, or the service's sample if none are given."""
        if self.given is None:
            path = f"/notifications/event-types/{segment(rule_type)}/sample"
            return api.item("notification_data", "GET", path)
        return self.named(rule_type)

    def named(self, rule_type: str) -> Mapping[str, Any]:
        """Return the fields that are given, if they are not those of a document of another type."""
        named, fields = _taken_out(self.given or {})
        if named is not None and named.lower() != rule_type.strip().lower():
            raise CliError(f"The document is an event of type '{visible(named)}', not '{visible(rule_type)}'")
        return fields

    def of_rule(self, api: "Api", path: str) -> Mapping[str, Any]:
        """Return the fields of an event for a rule; its type is asked for only if a sample is wanted."""
        if self.given is None:
            return self.of(api, str(api.item("rule", "GET", path).get("rule_type")))
        return _taken_out(self.given)[1]


def field_options(function: Callable[..., None]) -> Callable[..., None]:
    """Add the options that give fields, and pass them on as one `fields`."""

    @optional_field_options
    @wraps(function)
    def required(*, fields: Fields | None, **given: Any) -> None:
        if fields is None:
            raise CliError("Must specify either --data, --data-file or --sample")
        function(fields=fields, **given)

    return required


def optional_field_options(function: Callable[..., None]) -> Callable[..., None]:
    """Add the same options, of which none need be given: then `fields` is None."""

    @click.option("--data", help="Message fields as a JSON object.")
    @click.option(
        "--data-file",
        type=FILE,
        help="Message fields, or a whole event document, from a JSON file (use '-' for stdin).",
    )
    @click.option("--sample", is_flag=True, help="Message fields that the service makes from the schema.")
    @wraps(function)
    def collect(*, data: str | None, data_file: str | None, sample: bool, **given: Any) -> None:
        if sample and (data is not None or data_file is not None):
            raise CliError("Cannot specify --sample together with --data or --data-file")
        text = None if sample else one_of("--data", data, "--data-file", data_file)
        fields = None if text is None and not sample else Fields(None if text is None else json_object(text))
        function(fields=fields, **given)

    return collect


def _taken_out(given: Mapping[str, Any]) -> tuple[str | None, Mapping[str, Any]]:
    """Return the type and the fields that an EventBridge document has; anything else has only fields."""
    if not given.keys() >= DOCUMENT_KEYS:
        return None, given
    named, detail = given["detail-type"], given["detail"]
    if named == TRIGGERED and isinstance(detail, dict):
        named, detail = detail.get("rule_type"), detail.get("notification_data")
    if not isinstance(named, str) or not isinstance(detail, dict):
        raise CliError("The document is not an event: docs/events.md shows both forms")
    return named, detail
