"""The default messages of digests and once-per: how many events, which, and how many were not sent."""

import json
from pathlib import Path
from uuid import uuid4

from notifications.core.model import Digest, EmailSpec, OncePer, WebhookSpec
from tests.cloud import pipeline as made
from tests.cloud.pipeline import Pipeline, add_channel, add_rule
from tests.cloud.services import services
from tests.integration.collapsing import clock, dispatch, later
from tests.receivers.serving import Services
from tests.samples.configuration import channel as made_channel
from tests.smtp import mail_server

__all__ = ["clock"]


def test_a_digest(pipeline: Pipeline) -> None:
    """A digest's message says how many events it has, in what they agree, and lists them."""
    with Services(clock=None) as receiver:
        url = receiver.url_of("slack")
        channel = add_channel(url, spec=WebhookSpec(url, preset="slack"), timezone="Asia/Seoul", rate="none")
        add_rule(channel, message_template="", digest=Digest("5m", ("session_type",)))
        dispatch(pipeline, "s-1", "s-2", "s-3")
        pipeline.drain()
        (seen,) = receiver.seen("slack")
    assert "3 events: Session started" in seen.text
    assert all(f"19:30:00 · Session started: s-{number}" in seen.text for number in (1, 2, 3))
    assert "Session type" in seen.text


def test_a_digest_by_email(pipeline: Pipeline, tmp_path: Path) -> None:
    """A digest's email has both parts, and a subject with the number of events and their highest level."""
    with mail_server(tmp_path) as server:
        spec = EmailSpec("127.0.0.1", server.port, "a@example.com", ("b@example.com",), use_tls=False)
        channel = made_channel(id=str(uuid4()), spec=spec)
        services().channels.create(channel)
        add_rule(channel, message_template="", digest=Digest("5m"))
        dispatch(pipeline, "s-1", "s-2")
        pipeline.drain()
        mail = server.next_mail()
    assert mail["headers"]["subject"] == "[info] 2 events: Session started"
    assert "10:30:00 · Session started: s-2" in mail["body"]
    assert "10:30:00 · Session started: s-2" in mail["html"]


def test_repeats(pipeline: Pipeline) -> None:
    """The first message after repeats says how many were not sent."""
    with Services(clock=None) as receiver:
        url = receiver.url_of("slack")
        channel = add_channel(url, spec=WebhookSpec(url, preset="slack"), rate="none")
        rule = add_rule(channel, message_template="", once_per=OncePer(600))
        dispatch(pipeline, "s-1", "s-2", "s-3")
        later(minutes=11)
        dispatch(pipeline, "s-4")
        first, second = receiver.received
    assert "not sent" not in first.text
    assert (
        "Before this, 2 repeats were not sent."
        in json.loads(second.text)["attachments"][0]["blocks"][0]["text"]["text"]
    )
    assert made.delivery(rule, "s-4").status == "delivered"
