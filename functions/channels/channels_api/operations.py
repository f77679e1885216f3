"""What can be done with channels."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

from channels_api.models import ChannelChanges, ChannelIn, ChannelSearch, WebhookSpecIn
from notifications import aws
from notifications.core import search
from notifications.core.delivery import judge, webhook_request
from notifications.core.errors import ChannelNotFound, DeliveryFailed, EntityNotFound, InvalidRequest
from notifications.core.model import Channel, WebhookSpec, timestamp
from notifications.core.search import Page
from notifications.core.targets import check_url

TEST_TIMEOUT_SECONDS = 25
"""What a test message may take: API Gateway waits 29 s for an answer."""


def create(request: ChannelIn, user_id: str) -> Channel:
    """Create a channel.

    Raises:
        InvalidRequest: nothing can be sent to its URL.
    """
    now = timestamp(datetime.now(UTC))
    channel = Channel(
        id=str(uuid4()),
        name=request.name,
        description=request.description,
        channel_type="webhook",
        spec=_spec(request.spec, {}),
        enabled=request.enabled,
        created_at=now,
        created_by=user_id,
        updated_at=now,
    )
    aws.channels().create(channel)
    return channel


def find(request: ChannelSearch) -> Page[Channel]:
    """Find channels."""
    wanted = request.filter
    found = aws.channels().summaries()
    if wanted and wanted.name:
        fits = search.string_filter(wanted.name)
        found = [summary for summary in found if fits(summary.name)]
    if wanted and wanted.channel_types is not None:
        found = [summary for summary in found if summary.type in wanted.channel_types]
    if wanted and wanted.enabled is not None:
        found = [summary for summary in found if summary.enabled is wanted.enabled]
    page = search.page(found, request.orders(), request.offset, request.limit)
    channels = aws.channels().get_many([summary.id for summary in page.items])
    present = [channels[summary.id] for summary in page.items if summary.id in channels]
    return Page(present, page.total, page.offset, page.limit)


def change(channel_id: str, request: ChannelChanges) -> Channel:
    """Change what the request names.

    Raises:
        EntityNotFound: there is no such channel.
        InvalidRequest: nothing can be sent to its new URL.
    """
    present = aws.channels().get(channel_id)
    changes = request.model_dump(exclude_none=True, exclude={"spec"})
    if request.spec:
        changes["spec"] = _spec(request.spec, present.spec.headers)
    if not changes:
        return present
    return aws.channels().update(channel_id, changes | {"updated_at": timestamp(datetime.now(UTC))})


def send_test(channel_id: str, message: str) -> None:
    """Send a message for real, whether the channel is enabled or not.

    Raises:
        ChannelNotFound: there is no such channel.
        DeliveryFailed: the receiver refused it, failed, or was not reached.
    """
    try:
        channel = aws.channels().get(channel_id)
    except EntityNotFound as error:
        raise ChannelNotFound(error.message) from None
    spec = replace(channel.spec, timeout=min(channel.spec.timeout, TEST_TIMEOUT_SECONDS))
    verdict = judge(spec, aws.webhook_sender().send(webhook_request(spec, message)))
    if not verdict.delivered:
        raise DeliveryFailed(verdict.reason)


def _spec(request: WebhookSpecIn, stored_headers: Mapping[str, str]) -> WebhookSpec:
    check_url(request.url)
    headers: dict[str, str] = {}
    for name, value in request.headers.items():
        kept = stored_headers.get(name) if value is None else value
        if kept is None:
            raise InvalidRequest(f"spec.headers: {name} has no value")
        headers[name] = kept
    return WebhookSpec(
        url=request.url,
        method=request.method,
        content_type=request.content_type,
        headers=headers,
        timeout=request.timeout,
        success_status_codes=tuple(request.success_status_codes),
    )
