"""Presets in requests, and the URLs and settings that fit them."""

from collections.abc import Iterator
from typing import Annotated, get_args

from pydantic import BeforeValidator, Field

from notifications.core.errors import InvalidRequest, NotificationError
from notifications.core.kinds import kind_of
from notifications.core.model import PresetName, Spec, WebhookSpec

NO_PRESET = "none"
MAX_ROUTING_KEY_CHARS = 128

_NAMES: tuple[PresetName, ...] = get_args(PresetName)


def _known(value: object) -> object:
    if not isinstance(value, str):
        return value
    name = value.strip().lower()
    if name in {"", NO_PRESET}:
        return None
    if name not in _NAMES:
        from notifications.core import presets  # noqa: PLC0415 - only requests with a preset need them

        raise ValueError(presets.unknown(name))
    return name


PresetIn = Annotated[PresetName | None, BeforeValidator(_known)]
RoutingKey = Annotated[str, Field(min_length=1, max_length=MAX_ROUTING_KEY_CHARS, pattern="^[!-~]+$")]


def refusals(spec: WebhookSpec) -> Iterator[NotificationError]:
    """Yield the errors of a spec with which its preset cannot send; each says what to do instead."""
    if spec.routing_key is not None and spec.preset != "pagerduty":
        yield InvalidRequest("spec.routing_key: only the preset pagerduty has one")
    if spec.preset is None:
        return
    from notifications.core.presets import PRESETS  # noqa: PLC0415 - only requests with a preset need them

    if (why := PRESETS[spec.preset].refused(spec.url)) is not None:
        yield InvalidRequest(f"spec.url: {why}")
    if kind_of(spec).message_format(spec) != "json":
        yield InvalidRequest(f"spec.content_type: the preset {spec.preset} sends JSON: leave it out")
    if spec.method != "POST":
        yield InvalidRequest(f"spec.method: the preset {spec.preset} sends by POST: leave it out")
    if spec.preset == "pagerduty" and spec.routing_key is None:
        yield InvalidRequest(
            "spec.routing_key: the preset pagerduty needs the key of an integration for Events API v2"
        )


def warnings(spec: Spec) -> list[str]:
    """List probable mistakes: the preset of another service, or none for a service that has one."""
    return list(_warnings(spec)) if isinstance(spec, WebhookSpec) else []


def _warnings(spec: WebhookSpec) -> Iterator[str]:
    from notifications.core.presets import PRESETS, suggested  # noqa: PLC0415 - only webhooks need them

    meant = suggested(spec.url)
    if spec.preset is None and meant is not None:
        found = PRESETS[meant]
        ended = found.refused(spec.url)
        yield ended or (
            f"The URL is one of {found.label}: with the preset {meant}, rules need no template, and messages "
            "are cut and escaped for it"
        )
    elif spec.preset is not None and not PRESETS[spec.preset].suggests(spec.url):
        own = PRESETS[spec.preset]
        if meant is not None:
            yield f"The URL is one of {PRESETS[meant].label}, not {spec.preset}: is the preset {meant} meant?"
        elif not own.anywhere:
            yield f"The URL does not look like one of {own.label}, whose messages the preset sends"
