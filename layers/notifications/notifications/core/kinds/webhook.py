"""Webhook channels: one HTTP request for each message, signed by Standard Webhooks."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from notifications import __version__
from notifications.core import json_text, masking, signatures, texts
from notifications.core.delivery import (
    Content,
    Failure,
    Judgement,
    Outcome,
    OwnTls,
    Response,
    WebhookRequest,
)
from notifications.core.errors import InvalidRequest
from notifications.core.kinds.kind import Described
from notifications.core.model import DEFAULT_SUCCESS_STATUS_CODES, Format, PresetName, WebhookSpec
from notifications.core.secrets import SEALED, Secrets
from notifications.core.targets import Target, TargetPolicy, check_url

if TYPE_CHECKING:
    from notifications.core.presets.preset import Preset

USER_AGENT = f"backend.ai-notification/{__version__}"
JSON_TYPE = "application/json"
JSON_SUFFIX = "+json"
SUCCESSES = range(200, 300)
REDIRECTS = range(300, 400)

EXCERPT_CHARS = 200
"""How much of a response is quoted in the reason of a failure."""

_OWN_HEADERS = frozenset(
    {
        "content-type",
        "content-length",
        signatures.ID_HEADER,
        signatures.TIMESTAMP_HEADER,
        signatures.SIGNATURE_HEADER,
    }
)


_HEADERS_KEPT = 4_096
"""For how many channels the headers that all of their webhooks share are cached."""


class Webhook:
    """See ``ChannelKind``."""

    signed = True
    fast = True

    def read_spec(self, stored: Mapping[str, Any]) -> WebhookSpec:
        """Read a stored spec."""
        return WebhookSpec(**{**stored, "success_status_codes": tuple(stored["success_status_codes"])})

    def target(self, spec: WebhookSpec, policy: TargetPolicy) -> Target:
        """Return the URL's target.

        Raises:
            InvalidRequest: nothing may be sent there.
        """
        return check_url(spec.url, policy)

    def take_secrets(self, spec: WebhookSpec) -> tuple[WebhookSpec, Secrets]:
        """Take out headers that look like credentials, the key of a client certificate, and a routing key."""
        secret = {name: value for name, value in spec.headers.items() if masking.is_credential(name)}
        shown = replace(
            spec,
            headers={**spec.headers, **dict.fromkeys(secret, SEALED)},
            client_key=None,
            routing_key=None if spec.routing_key is None else SEALED,
        )
        return shown, Secrets(secret, client_key=spec.client_key, routing_key=spec.routing_key)

    def put_secrets(self, spec: WebhookSpec, secrets: Secrets) -> WebhookSpec:
        """Put a spec's secrets back."""
        if secrets.client_key is not None:
            spec = replace(spec, client_key=secrets.client_key)
        if secrets.routing_key is not None:
            spec = replace(spec, routing_key=secrets.routing_key)
        return replace(spec, headers={**spec.headers, **secrets.headers}) if secrets.headers else spec

    def document(self, spec: WebhookSpec) -> dict[str, Any]:
        """Write a spec; a credential's value is null, which in a request leaves it as it is."""
        headers = {name: None if masking.is_credential(name) else text for name, text in spec.headers.items()}
        return {
            "url": spec.url,
            "method": spec.method,
            "content_type": spec.content_type,
            "headers": headers,
            "timeout": spec.timeout,
            "success_status_codes": list(spec.success_status_codes),
            "response_match": spec.response_match,
            "response_no_match": spec.response_no_match,
            "ca_bundle": spec.ca_bundle,
            "client_certificate": spec.client_certificate,
            "preset": spec.preset,
        }

    def message_format(self, spec: WebhookSpec) -> Format:
        """Return JSON if the content type is a JSON one, otherwise any text."""
        return _format_of(spec.content_type)

    def templates(self, spec: WebhookSpec) -> tuple[str, ...]:  # noqa: ARG002 - see ``ChannelKind``
        """Return none."""
        return ()

    def complete(self, spec: WebhookSpec, message: str, render: Callable[[str], str]) -> Content:  # noqa: ARG002 - other kinds use it
        """Add nothing, because the message is the body."""
        return Content(message)

    def build_request(
        self,
        spec: WebhookSpec,
        content: Content,
        message_id: str,
        now: datetime,
        signing: Sequence[str],
        settled: Collection[str],  # noqa: ARG002 - a webhook has one receiver
    ) -> WebhookRequest:
        """Build the request, signed with each of the secrets.

        Raises:
            InvalidRequest: the message is not what the channel's preset sends.
        """
        url, message = spec.url, content.message
        secrets: tuple[str, ...] = ()
        if spec.preset is not None:
            url, message, secrets = _addressed(spec, spec.preset, message)
        body = message.encode()
        headers = (
            *_lasting(tuple(spec.headers.items()), spec.content_type),
            (signatures.ID_HEADER, message_id),
        )
        if signing:
            headers += signatures.signature_headers(message_id, int(now.timestamp()), body, signing)[1:]
        own_tls = None
        if spec.ca_bundle or spec.client_certificate:
            own_tls = OwnTls(spec.ca_bundle, spec.client_certificate, spec.client_key)
        return WebhookRequest(spec.method, url, headers, body, spec.timeout, own_tls, tuple(signing), secrets)

    def describe(self, request: WebhookRequest) -> Described:
        """Describe a request with its credentials masked."""
        # A record has the message, so the beginning of its signature can be checked later. It cannot if a
        # preset put a secret into the body, because that body is recorded nowhere.
        headers = masking.masked_headers(request.headers, keep_signature_beginnings=not request.secrets)
        return request.method, masking.masked_url(request.url), headers

    def shown(self, request: WebhookRequest, outcome: Outcome) -> Outcome:
        """Mask the request's credentials, which the receiver may have repeated."""
        text = outcome.message.encode(errors="replace") if isinstance(outcome, Failure) else outcome.body
        cut = not isinstance(outcome, Failure) and outcome.cut
        known = request.signing + request.secrets
        shown = masking.without_credentials(text, request.url, request.headers, known, cut=cut)
        if shown == text:
            return outcome
        if isinstance(outcome, Failure):
            return replace(outcome, message=shown.decode(errors="replace"))
        return replace(outcome, body=shown)

    def judge(self, spec: WebhookSpec, response: Response) -> Judgement:
        """Judge as the preset does, or by the status; then, if the channel has patterns, by the body."""
        judged = None if spec.preset is None else _judged(spec.preset, response)
        if judged is not None and not judged.delivered:
            return judged
        text = response.body.decode(errors="replace")
        excerpt = text[:EXCERPT_CHARS]
        if judged is None and not _is_success(response.status, spec):
            redirects = ", and redirects are not followed" if response.status in REDIRECTS else ""
            reason = f"The receiver answered with status {response.status}{redirects}: {excerpt}"
            return Judgement(delivered=False, error_class="status", reason=reason)
        if (misfit := _misfit(spec, text)) is not None:
            reason = f"The receiver's response {misfit}: {excerpt}"
            return Judgement(delivered=False, error_class="response", reason=reason)
        return judged or Judgement(delivered=True, error_class=None, reason=f"status {response.status}")


def _preset(name: PresetName) -> "Preset":
    from notifications.core.presets import PRESETS  # noqa: PLC0415 - most channels have none

    return PRESETS[name]


def _judged(name: PresetName, response: Response) -> Judgement | None:
    from notifications.core.presets import judged  # noqa: PLC0415 - most channels have none

    return judged(name, response)


def _addressed(spec: WebhookSpec, preset: PresetName, message: str) -> tuple[str, str, tuple[str, ...]]:
    """Return URL and body of a message as a service wants them, and the secrets in the body.

    Raises:
        InvalidRequest: the message is not a JSON object, because it was rendered for another receiver.
    """
    # A function that may not decrypt secrets builds the same request with a mask in place of the key.
    key = masking.MASK if spec.routing_key == SEALED else spec.routing_key
    try:
        body = json_text.read(message)
        if isinstance(body, dict):
            addressed = _preset(preset).address(spec.url, body, key)
            return addressed.url, texts.whole(json_text.compact(addressed.body)), addressed.secrets
    except (ValueError, RecursionError):
        pass  # the error is raised below
    raise InvalidRequest(
        f"The message is not a JSON object, which is what the channel's preset {preset} sends"
    )


@lru_cache(_HEADERS_KEPT)
def _lasting(headers: tuple[tuple[str, str], ...], content_type: str) -> tuple[tuple[str, str], ...]:
    """Return the headers that all of a channel's webhooks share. ``headers``: the channel's own."""
    # The service's own headers win.
    lasting = [(name, value) for name, value in headers if name.lower() not in _OWN_HEADERS]
    if not any(name.lower() == "user-agent" for name, _ in lasting):
        lasting.append(("User-Agent", USER_AGENT))
    return *lasting, ("Content-Type", content_type)


@lru_cache
def _format_of(content_type: str) -> Format:
    media_type = content_type.partition(";")[0].strip().lower()
    return "json" if media_type == JSON_TYPE or media_type.endswith(JSON_SUFFIX) else "text"


def _misfit(spec: WebhookSpec, text: str) -> str | None:
    """Return why a body is not a success by the channel's patterns; None if it is."""
    if not (spec.response_match or spec.response_no_match):
        return None
    from notifications.core.schemas import patterns  # noqa: PLC0415 - few channels have a pattern

    if spec.response_match and not patterns.matches(spec.response_match, text):
        return f"does not match {spec.response_match!r}"
    if spec.response_no_match and patterns.matches(spec.response_no_match, text):
        return f"matches {spec.response_no_match!r}"
    return None


def _is_success(status: int, spec: WebhookSpec) -> bool:
    """Return whether a status counts as success: any 2xx, unless the channel names other statuses.

    Backend.AI's clients send their default list with every channel, so that list means any 2xx, too.
    """
    if spec.success_status_codes == DEFAULT_SUCCESS_STATUS_CODES:
        return status in SUCCESSES
    return status in spec.success_status_codes
