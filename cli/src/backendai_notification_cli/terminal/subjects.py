"""Arguments and options that name a channel, a rule, an event, a delivery, a mute or an event type."""
# ruff: noqa: ARG002 - the signatures are click's

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

Finder = Callable[[str], str]
_DRAFT = re.compile(r"draft-[0-9]+")


class Subject(click.ParamType[str]):
    """A thing of the service, by its name, its id or the beginning of that.

    ``find``: returns its id, before the command runs. ``later``: returns it once the service has said that
    there is no such thing, so that a whole id costs no request.
    """

    def __init__(self, noun: str, find: Finder, later: Finder | None = None) -> None:
        self.name = noun
        self._find = find
        self.later = later

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the id.

        Raises:
            CliError: it means nothing, or several things; with the candidates or the nearest.
        """
        return str(value) if ctx is not None and ctx.resilient_parsing else self._find(str(value))

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> "list[CompletionItem]":
        """Offer what there is."""
        from backendai_notification_cli.http import completing

        with ctx.scope(cleanup=False):  # the settings ask it for --profile
            return completing.subjects(self.name, incomplete)


class EventField(click.ParamType[str]):
    """What begins with the name of an event's field, or lists some."""

    name = "field"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> "list[CompletionItem]":
        """Offer the fields of the event type that stands before, or of all."""
        from backendai_notification_cli.http import completing

        return completing.event_fields(incomplete)


def found_later(command: click.Command, context: click.Context) -> bool:
    """Find what the service did not find as it was given; return whether something else is meant.

    Raises:
        CliError: it means nothing, or several things.
    """
    changed = False
    for param in command.params:
        given = context.params.get(param.name or "")
        if isinstance(param.type, Subject) and param.type.later is not None and isinstance(given, str):
            context.params[param.name or ""] = found = param.type.later(given)
            changed = changed or found != given
    return changed


def found_elsewhere(command: click.Command, context: click.Context) -> list[str]:
    """Say of which other kind the channels and rules are that were named by whole ids."""
    from backendai_notification_cli.http import names

    given = [(param.type.name, context.params.get(param.name or "")) for param in command.params]
    return [
        told
        for noun, text in given
        if noun in names.NAMED and isinstance(text, str)
        for told in names.elsewhere(names.NAMED[noun], text)
    ]


def _named(kind: str) -> Finder:
    def find(text: str) -> str:
        from backendai_notification_cli.http import names

        return names.find_id(names.NAMED[kind], text)

    return find


def _rule_or_draft(text: str) -> str:
    return text if _DRAFT.fullmatch(text) else _named("rule")(text)


def _recorded(kind: str, how: str) -> Finder:
    def find(text: str) -> str:
        from backendai_notification_cli.http import record_ids

        record = record_ids.EVENT if kind == "event" else record_ids.DELIVERY
        match how:
            case "check":
                return record_ids.record_id(record, text)
            case "find":
                return record_ids.find_record(record, text)
            case _:
                return text if record.whole.fullmatch(text) else record_ids.begun_record(record, text)

    return find


def _event_type(text: str) -> str:
    from backendai_notification_cli.http import names

    return names.find_event_type(text)


def _mute(text: str) -> str:
    from backendai_notification_cli.http import mute_names

    return mute_names.find_mute(text)


def _mute_to_end(text: str) -> str:
    from backendai_notification_cli.http import mute_names

    return mute_names.find_mute(text, to_end=True)


def _as_it_is(text: str) -> str:
    return text


ONE_CHANNEL = Subject("channel", _named("channel"))
ONE_RULE = Subject("rule", _named("rule"))
RULE_OR_DRAFT = Subject("rule", _rule_or_draft)
ONE_EVENT = Subject("event", _recorded("event", "check"), _recorded("event", "begun"))
EVENT_FILTER = Subject("event", _recorded("event", "find"))
"""An event whose list is asked for: the list would be empty if there were no such event."""

ONE_DELIVERY = Subject("delivery", _recorded("delivery", "check"), _recorded("delivery", "begun"))
ONE_MUTE = Subject("mute", _mute)
MUTE_TO_END = Subject("mute", _mute_to_end)
ONE_EVENT_TYPE = Subject("event-type", _as_it_is, _event_type)
RULE_TYPE = Subject("event-type", _as_it_is)
"""An event type. If there is none of this name, the service names the nearest."""

KEYPAIR = Subject("keypair", _as_it_is)
"""A keypair, by its name or access key: it is only completed, with those that changed something."""

CLAUSE = EventField()
"""A clause of a condition, which begins with a field, or a list of fields."""
