"""What records keep of signatures, and what the command line finds by it."""

from typing import Any
from urllib.parse import quote

from backendai_notification_cli.commands.notification.signature import recorded
from backendai_notification_cli.commands.notification.signature.signature_check import keys_of
from local.receiver import Receiver, Reply
from notifications.core.model import Rule
from tests.cloud import pipeline as made
from tests.cloud.gateway import call
from tests.cloud.pipeline import Pipeline, add_rule, document
from tests.cloud.services import services
from tests.receivers.serving import Services

CHANNELS = "/notifications/channels"
SIGNATURE = "webhook-signature"
TOLD = {"pagerduty": "cannot be checked: no part of the signature is recorded", "slack": recorded.RIGHT}


def told(event_id: str, rule: Rule, secret: str) -> str:
    """Return what the command line says of a delivery as the API shows it."""
    shown: dict[str, Any] = call("GET", f"/notifications/deliveries/{quote(f'{event_id}_{rule.id}')}").json
    return recorded.told(shown["delivery"], keys_of([secret]))


def test_a_record_tells_the_secret_and_not_the_signature(pipeline: Pipeline) -> None:
    """While a secret rotates, old and new ones are found by the record, which no receiver would take.

    The receiver repeats the signatures in its responses.
    """
    with Receiver(lambda request: Reply(body=request.headers[SIGNATURE].encode())) as receiver:
        old = call("POST", CHANNELS, {"name": "n", "spec": {"url": receiver.url}}).json["channel"]
        rule = add_rule(services().channels.get(old["id"]))
        pipeline.dispatch(document("e-1"))
        new = call("POST", f"{CHANNELS}/{old['id']}/rotate-secret").json["channel"]
        pipeline.dispatch(document("e-2"))
        sent = [request.headers[SIGNATURE] for request in receiver.wait_for(2)]
    kept = [call("GET", f"/notifications/deliveries/{each}_{rule.id}").text for each in ("e-1", "e-2")]
    for signatures, text in zip(sent, kept, strict=True):
        assert all(each[:11] in text and each[:12] not in text for each in signatures.split())
    secrets = (old["signing_secret"], new["signing_secret"])
    assert [told("e-1", rule, secret) for secret in secrets] == [
        recorded.RIGHT,
        "signature does not match this secret",
    ]
    assert [told("e-2", rule, secret) for secret in secrets] == [recorded.RIGHT, recorded.RIGHT]


def test_bodies_with_secrets_cannot_be_checked(pipeline: Pipeline) -> None:
    """Where a preset puts a secret into the body, the signed body is nowhere, so nothing of it is kept."""
    kept = {}
    with Services() as receiver:
        for preset, more in {"pagerduty": {"routing_key": "0" * 32}, "slack": {}}.items():
            spec = {"url": receiver.url_of(preset), "preset": preset, **more}
            channel = call("POST", CHANNELS, {"name": preset, "spec": spec, "rate": "none"}).json["channel"]
            rule = add_rule(services().channels.get(channel["id"]), message_template="")
            pipeline.dispatch(document(preset))
            (attempt,) = made.delivery(rule, preset).attempts
            kept[preset] = attempt.headers[SIGNATURE]
            assert told(preset, rule, channel["signing_secret"]).startswith(TOLD[preset])
    assert (kept["pagerduty"], len(kept["slack"])) == ("***", len("v1,12345678***"))
