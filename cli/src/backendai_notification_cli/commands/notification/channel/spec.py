"""The `spec` of a channel: what the options say about it, and what an update sends back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import click

from backendai_notification_cli.errors import CliError
from backendai_notification_cli.nearest import hint
from backendai_notification_cli.terminal import offered
from backendai_notification_cli.terminal.inputs import FILE, json_object, one_of, only_given, read_text
from backendai_notification_cli.terminal.numbers import Number
from backendai_notification_cli.terminal.options import collected
from backendai_notification_cli.terminal.output import warn

PRESETS = ("slack", "teams", "discord", "pagerduty", "mattermost", "google-chat", "telegram", "ntfy")
"""The services that the help names and shells offer; the service itself says which there are."""

FIRST_STATUS, LAST_STATUS = 100, 599


NOT_SHOWN = frozenset({"auth", "ca_bundle"})
"""Members that the spec of an email channel may have unseen."""


@dataclass(frozen=True, slots=True)
class SpecOptions:
    """The values of the spec's options."""

    spec: str | None
    spec_file: str | None
    header: tuple[str, ...]
    method: str | None
    content_type: str | None
    timeout: int | None
    success_code: tuple[int, ...]
    response_match: str | None
    response_no_match: str | None
    ca_bundle: str | None
    client_cert: str | None
    client_key: str | None
    preset: str | None
    routing_key: str | None

    def whole(self) -> dict[str, Any] | None:
        """Return the whole spec, if it was given."""
        text = one_of("--spec", self.spec, "--spec-file", self.spec_file)
        return None if text is None else json_object(text, "spec")

    def webhook_parts(self, url: str | None) -> dict[str, Any]:
        """Return the parts of a webhook's spec that were given one by one."""
        return only_given(
            url=url,
            method=self.method,
            content_type=self.content_type,
            headers=dict(parse_header(header) for header in self.header) or None,
            timeout=self.timeout,
            success_status_codes=list(self.success_code) or None,
            response_match=self.response_match,
            response_no_match=self.response_no_match,
            ca_bundle=_content(self.ca_bundle),
            client_certificate=_content(self.client_cert),
            client_key=_content(self.client_key),
            preset=self.preset,
            routing_key=self.routing_key,
        )


_OPTIONS = (
    click.option("--spec", metavar="JSON", help="The whole spec as a JSON object."),
    click.option("--spec-file", type=FILE, help="The whole spec from a file (use '-' for stdin)."),
    click.option("--header", multiple=True, metavar="'NAME: VALUE'", help="Webhook header (repeatable)."),
    click.option("--method", help="Webhook HTTP method."),
    click.option("--content-type", help="Webhook Content-Type."),
    click.option(
        "--timeout",
        type=Number(1),
        metavar="SECONDS",
        help="Timeout of the receiver or mail server, at most 60.",
    ),
    click.option(
        "--success-code",
        multiple=True,
        type=Number(FIRST_STATUS, LAST_STATUS),
        metavar="STATUS",
        help="HTTP status that counts as delivered (repeatable; default: every 2xx).",
    ),
    click.option("--response-match", metavar="PATTERN", help="What a successful response matches."),
    click.option("--response-no-match", metavar="PATTERN", help="What only a failed response matches."),
    click.option("--ca-bundle", type=FILE, help="PEM file: the certificate authorities to trust."),
    click.option("--client-cert", type=FILE, help="PEM file: the client certificate to show."),
    click.option("--client-key", type=FILE, help="PEM file: its key; sealed, and never shown."),
    click.option(
        "--preset",
        metavar="SERVICE",
        shell_complete=offered.words((*PRESETS, "none")),
        help=f"Write messages for {', '.join(PRESETS[:-1])} or {PRESETS[-1]}; or none.",
    ),
    click.option(
        "--routing-key", metavar="KEY", help="Key of a PagerDuty integration; sealed, and never shown."
    ),
)

spec_options = collected(SpecOptions, "options", _OPTIONS)
"""Add the options that make up a channel's spec, and pass them on as one `options`."""


def warn_of_unknown_members(given: Mapping[str, Any] | None, channel: Mapping[str, Any]) -> None:
    """Warn of members of a whole spec that no spec has: Backend.AI's routes leave them out silently."""
    known = (channel.get("spec") or {}).keys() | NOT_SHOWN
    for name in sorted((given or {}).keys() - known):
        warn(f"A spec has no '{name}', so that was left out{hint(name, known)}")


def _content(path: str | None) -> str | None:
    return None if path is None else read_text(path)


def parse_header(text: str) -> tuple[str, str]:
    """Split 'Name: value'."""
    name, colon, value = text.partition(":")
    if not colon or not name.strip():
        raise click.BadParameter(f"'{text}' is not of the form 'Name: value'.", param_hint="'--header'")
    return name.strip(), value.strip()


def merge(base: Mapping[str, Any], parts: Mapping[str, Any]) -> dict[str, Any]:
    """Put the given parts over a webhook's spec; headers are replaced one by one, whatever their case."""
    merged = {**base, **parts}
    if "headers" in parts:
        kept = without_headers(base, tuple(parts["headers"]))
        merged["headers"] = kept | parts["headers"]
    return merged


def without_headers(spec: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """Return a spec's headers without those of these names, whatever their case."""
    stored = spec.get("headers") or {}
    if not isinstance(stored, dict):
        raise CliError("Invalid JSON spec: 'headers' must be an object")
    removed = {name.lower() for name in names}
    return {name: value for name, value in stored.items() if name.lower() not in removed}


def merge_email(base: Mapping[str, Any], parts: Mapping[str, Any]) -> dict[str, Any]:
    """Put the options of an email channel over its spec."""
    if parts.keys() - {"timeout", "ca_bundle"}:
        raise CliError("The webhook options do not fit an email channel, but for --timeout and --ca-bundle")
    merged = dict(base)
    if "timeout" in parts:
        merged["smtp"] = {**(base.get("smtp") or {}), "timeout": parts["timeout"]}
    if "ca_bundle" in parts:
        merged["ca_bundle"] = parts["ca_bundle"]
    return merged
