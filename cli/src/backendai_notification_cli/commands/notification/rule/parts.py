"""The options for parts of a rule's message, and for how often it sends."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import click

from backendai_notification_cli.terminal import offered
from backendai_notification_cli.terminal.inputs import only_given
from backendai_notification_cli.terminal.numbers import Number
from backendai_notification_cli.terminal.options import collected
from backendai_notification_cli.terminal.output import success
from backendai_notification_cli.terminal.subjects import CLAUSE
from backendai_notification_cli.terminal.zones import local_zone

_DAILY = re.compile(r"daily@[0-9]{1,2}:[0-9]{2}")


@dataclass(frozen=True, slots=True)
class MessageOptions:
    """The values of the options for a message."""

    title: str | None = None
    text: str | None = None
    field: Sequence[str] = ()
    link: str | None = None
    level: str | None = None
    dedup: str | None = None

    def message(self) -> dict[str, Any]:
        """Return the parts that are given; an empty one is None, which restores the type's own."""
        fields = {} if tuple(self.field) == ("",) else dict(map(_named, self.field))
        given = only_given(
            title=self.title,
            text=self.text,
            fields=fields if self.field else None,
            link=self.link,
            level=self.level,
            dedup=self.dedup,
        )
        return {name: value or None for name, value in given.items()}


@dataclass(frozen=True, slots=True)
class Parts(MessageOptions):
    """What the options say."""

    once_per: str | None = None
    digest: str | None = None
    by: str | None = None
    digest_max: int | None = None

    def body(self) -> dict[str, Any]:
        """Return what the request says of it; nothing if no option is given.

        Raises:
            UsageError: --by or --digest-max stands alone.
        """
        message = self.message()
        by = None if self.by is None else [name for part in self.by.split(",") if (name := part.strip())]
        if by is not None and self.once_per is None and self.digest is None:
            raise click.UsageError("--by says what --once-per or --digest goes by: give one of them too.")
        if self.digest_max is not None and self.digest is None:
            raise click.UsageError("--digest-max belongs to --digest: give that too.")
        return only_given(
            message=message or None,
            once_per=_period(self.once_per, by),
            digest=_period(self._zoned_digest(), by, self.digest_max),
        )

    def tell_zone(self) -> None:
        """Say in which zone a rule's digest closes now, if this machine's was taken."""
        digest = self._zoned_digest()
        if digest != self.digest:
            success(f"In the time zone of this machine: {digest}")

    def _zoned_digest(self) -> str | None:
        """Return a digest's period with this machine's time zone if it is a time of day without one."""
        if self.digest is None or not _DAILY.fullmatch(self.digest.strip()):
            return self.digest
        return f"{self.digest.strip()}[{local_zone() or 'UTC'}]"


def _named(text: str) -> tuple[str, str]:
    name, equals, expression = text.partition("=")
    if not equals or not name.strip() or not expression.strip():
        raise click.BadParameter(f"'{text}' is not of the form 'NAME=EXPR'.", param_hint="'--field'")
    return name.strip(), expression.strip()


def _period(text: str | None, by: list[str] | None, most: int | None = None) -> dict[str, Any] | None:
    if text is None:
        return None
    if text.strip().lower() == "none":
        return {}
    return {"period": text, **only_given(by=by, max=most)}


_OF_MESSAGE = (
    click.option("--title", metavar="TEMPLATE", help="Title of the message, in place of the type's own."),
    click.option("--text", metavar="TEMPLATE", help="Text of the message, in place of the type's own."),
    click.option(
        "--field",
        multiple=True,
        metavar="NAME=EXPR",
        help="A field of the message, as in 'Project=context.project' (repeatable: these replace its own).",
    ),
    click.option("--link", metavar="TEMPLATE", help="Link to more about the event."),
    click.option(
        "--level",
        metavar="LEVEL",
        shell_complete=offered.words(("info", "success", "warning", "error", "critical")),
        help="info, success, warning, error or critical, or a template of it.",
    ),
    click.option("--dedup", metavar="TEMPLATE", help="Key of the incident that the message is about."),
)
_OPTIONS = (
    *_OF_MESSAGE,
    click.option(
        "--once-per", metavar="PERIOD", help="Send once in 30s, 10m, 2h or 1d, and skip repeats; or none."
    ),
    click.option(
        "--digest",
        metavar="PERIOD",
        help="Collect events into one message, as in 5m or daily@09:00[Asia/Seoul]; or none.",
    ),
    click.option(
        "--by",
        metavar="FIELDS",
        type=CLAUSE,
        help="Fields that tell events apart for --once-per and --digest, as in f,g.",
    ),
    click.option("--digest-max", type=Number(1), metavar="N", help="Send a digest at once with N events."),
)
parts_options = collected(Parts, "parts", _OPTIONS)
"""Add the options for the parts of a message, and for how often a rule sends."""

message_options = collected(MessageOptions, "message", _OF_MESSAGE)
"""Add the options for the parts of a message alone."""
