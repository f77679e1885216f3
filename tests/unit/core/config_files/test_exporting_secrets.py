"""Exports have no secrets: references stand for them, and nothing else is taken for one."""

from notifications.core.config_files.exporting import Stored, Variable
from notifications.core.managing import Managed
from notifications.core.model import EmailSpec, WebhookSpec
from tests.samples import configuration as samples
from tests.unit.core.config_files.exports import OPS, PROD, channel, exported


def test_secrets_of_webhooks() -> None:
    """Headers that carry credentials, keys, and URLs that do are references; other headers are texts."""
    headers = {"Authorization": "", "X-Team": "ops", "x-api-key": ""}
    spec = WebhookSpec(
        "https://hooks.slack.com/services/T0/B0/xyz",
        headers=headers,
        preset="slack",
        client_certificate="PEM",
    )
    document, variables = channel(spec)
    assert document["spec"] == {
        "url": "${env:OPS_URL}",
        "headers": {
            "Authorization": "${env:OPS_AUTHORIZATION}",
            "X-Team": "ops",
            "x-api-key": "${env:OPS_X_API_KEY}",
        },
        "client_certificate": "PEM",
        "client_key": "${env:OPS_CLIENT_KEY}",
        "preset": "slack",
    }
    assert variables == [
        Variable("OPS_URL", "ops", "spec.url"),
        Variable("OPS_AUTHORIZATION", "ops", "spec.headers.Authorization"),
        Variable("OPS_X_API_KEY", "ops", "spec.headers.x-api-key"),
        Variable("OPS_CLIENT_KEY", "ops", "spec.client_key"),
    ]


def test_a_routing_key() -> None:
    """Of PagerDuty the key is the secret, and the URL is everybody's."""
    spec = WebhookSpec("https://events.pagerduty.com/v2/enqueue", preset="pagerduty", routing_key="")
    assert channel(spec)[0]["spec"] == {
        "url": "https://events.pagerduty.com/v2/enqueue",
        "preset": "pagerduty",
        "routing_key": "${env:OPS_ROUTING_KEY}",
    }


def test_secrets_of_email() -> None:
    """An account's password is a reference, and the spec is told to be email's."""
    spec = EmailSpec("mail.example.com", 587, "a@example.com", ("b@example.com",), username="u")
    document, variables = channel(spec)
    assert document == {
        "channel_type": "email",
        "spec": {
            "smtp": {"host": "mail.example.com", "port": 587},
            "message": {"from_email": "a@example.com", "to_emails": ["b@example.com"]},
            "auth": {"username": "u", "password": "${env:OPS_PASSWORD}"},
        },
    }
    assert variables == [Variable("OPS_PASSWORD", "ops", "spec.auth.password")]


def test_variables_are_unique() -> None:
    """Keys that make the same name get two variables, and one that begins with a digit gets a prefix."""
    spec = WebhookSpec("https://example.com/", headers={"Authorization": ""})
    named = [("a.b", "a.b"), ("a-b", "a-b"), ("1st", "1st")]
    channels = [
        samples.channel(id=key, name=name, spec=spec, managed=Managed(PROD, key)) for key, name in named
    ]
    names = {each.key: each.name for each in exported(Stored(channels)).variables}
    assert names == {
        "a-b": "A_B_AUTHORIZATION",
        "a.b": "A_B_AUTHORIZATION_2",
        "1st": "CHANNEL_1ST_AUTHORIZATION",
    }


def test_nothing_is_taken_for_a_reference() -> None:
    """What looks like a reference in a text, and was none, is written so that it stays a text."""
    rule = samples.rule(
        channel_id="c-1",
        name="${x}",
        description="$${env:A}",
        message_template="costs ${{ amount }}",
        managed=Managed(PROD, "r"),
    )
    found = exported(Stored([OPS], rules=[rule])).document["rules"]["r"]
    assert (found["name"], found["description"], found["message_template"]) == (
        "$${x}",
        "$$${env:A}",
        "costs $${{ amount }}",
    )
