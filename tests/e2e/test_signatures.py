"""Signed webhooks, on the deployed stack."""

import json

from standardwebhooks import Webhook

from local.receiver import Receiver
from local.stack import Stack
from local.waiting import until
from tests.stack.cli import Cli

DATA = {"session_id": "s1", "session_type": "batch", "cluster_mode": "single-node", "status": "RUNNING"}
OTHER = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def test_a_webhook_can_be_verified(stack: Stack, cli: Cli, receiver: Receiver) -> None:
    """What arrives is signed: the public library takes it, and so does the command; changed, neither does."""
    channel = cli.json("channel", "create", "signed", receiver.url, "--header", "X-Token: canary-e2e")
    secret = channel["signing_secret"]
    cli.rule("session.started", channel["id"], '{"text": "{{ session_id }}"}')
    cli.json("event", "emit", "session.started", "--data", json.dumps(DATA))
    request = receiver.wait_for(1)[0]
    assert Webhook(secret).verify(request.body, request.headers) == {"text": "s1"}
    headers = [
        argument
        for name in ("id", "timestamp", "signature")
        for argument in (f"--{name}", request.headers[f"webhook-{name}"])
    ]
    verify = ("signature", "verify", "--secret", secret, *headers, "--body-file", "-")
    assert cli.run(*verify, stdin=request.text).code == 0
    assert cli.run(*verify, stdin=request.text + " ").code == 1
    recorded = ("signature", "verify", "--secret", secret, "--delivery", request.headers["webhook-id"])
    until("the record has its signature", lambda: cli.run(*recorded).code == 0, 30)
    other = cli.run(*recorded[:2], "--secret", OTHER, *recorded[4:])
    assert (other.code, other.err) == (1, "✗ Signature does not match this secret\n")
    rotated = cli.run("channel", "rotate-secret", channel["id"])
    assert json.loads(rotated.out)["signing_secret"] not in {secret, None}
    kept = stack.client("dynamodb").get_item(
        TableName=stack.outputs()["ConfigTableName"],
        Key={"pk": {"S": "CHANNEL"}, "sk": {"S": channel["id"]}},
    )["Item"]
    assert "canary-e2e" not in repr(kept)
    assert secret.removeprefix("whsec_") not in repr(kept)
    cli.run("channel", "delete", channel["id"], "--force")


def test_an_internal_address_is_refused(cli: Cli) -> None:
    """A channel to an internal address that the stack does not allow is refused, with the address named."""
    for url in ("https://169.254.169.254/latest/", "https://[::ffff:10.0.0.1]/", "https://2852039166/"):
        ran = cli.run("channel", "create", "inside", url)
        assert (ran.code, "does not connect to" in ran.err) == (1, True), ran
