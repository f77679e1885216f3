"""Changes to single parts of a channel's spec: added and removed recipients and headers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import click

from backendai_notification_cli.commands.notification.channel.spec import merge, merge_email, without_headers
from backendai_notification_cli.errors import CliError
from backendai_notification_cli.terminal.options import collected


@dataclass(frozen=True, slots=True)
class ChangeOptions:
    """The values of an update's options for single parts."""

    add_to: tuple[str, ...]
    remove_to: tuple[str, ...]
    remove_header: tuple[str, ...]
    allowed_domain: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.add_to or self.remove_to or self.remove_header or self.allowed_domain)

    def applied(self, kind: str, spec: Mapping[str, Any], parts: Mapping[str, Any]) -> dict[str, Any]:
        """Return a spec of this kind, changed as the options say."""
        if kind == "email":
            if self.remove_header:
                raise CliError("An email channel has no headers: --remove-header is for webhooks")
            return with_domains(self._recipients_changed(merge_email(spec, parts)), self.allowed_domain)
        if self.add_to or self.remove_to or self.allowed_domain:
            options = "--add-to, --remove-to and --allowed-domain"
            raise CliError(f"A webhook channel has no recipients: {options} are for email")
        merged = dict(spec)
        for name in self.remove_header:
            kept = without_headers(merged, (name,))
            if len(kept) == len(merged.get("headers") or {}):
                raise CliError(f"The channel has no header '{name}'")
            merged["headers"] = kept
        return merge(merged, parts)

    def _recipients_changed(self, spec: Mapping[str, Any]) -> dict[str, Any]:
        if not (self.add_to or self.remove_to):
            return dict(spec)
        message = spec.get("message") or {}
        recipients = {_address(one): one for one in message.get("to_emails") or []}
        for one in self.remove_to:
            if recipients.pop(_address(one), None) is None:
                raise CliError(f"'{one}' is no recipient of the channel")
        recipients |= {_address(one): one for one in self.add_to}
        if not recipients:
            raise CliError("An email channel needs a recipient: add one with --add-to")
        return {**spec, "message": {**message, "to_emails": [*recipients.values()]}}


domain_option = click.option(
    "--allowed-domain",
    multiple=True,
    metavar="DOMAIN",
    help="A domain that addresses made by templates may have (repeatable; replaces the domains before).",
)


def with_domains(spec: Mapping[str, Any], domains: tuple[str, ...]) -> dict[str, Any]:
    """Return an email channel's spec with these domains in place of its own, if there are any."""
    if not domains:
        return dict(spec)
    return {**spec, "message": {**(spec.get("message") or {}), "allowed_domains": [*domains]}}


_OPTIONS = (
    click.option(
        "--add-to",
        multiple=True,
        metavar="ADDRESS",
        help="Mail this recipient too (repeatable). It may be a template that makes an address of an event, "
        "'{{ context.user_email }}'.",
    ),
    click.option("--remove-to", multiple=True, metavar="ADDRESS", help="Mail this one no more (repeatable)."),
    domain_option,
    click.option("--remove-header", multiple=True, metavar="NAME", help="Remove a header (repeatable)."),
)

change_options = collected(ChangeOptions, "single", _OPTIONS)
"""Add the options, and pass them on as one `single`."""


def _address(mailbox: str) -> str:
    """Return what identifies a recipient: the address in lower case, without the name."""
    return mailbox.rpartition("<")[2].strip(" >").lower()
