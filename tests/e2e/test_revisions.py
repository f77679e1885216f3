"""Who changed what, and how it is undone: on the deployed stack, from the command line."""

from collections.abc import Iterator

import pytest

from local.receiver import Receiver
from local.stack import Stack
from local.waiting import until
from notifications.store.keypairs import REFRESH_SECONDS
from tests.stack.cli import Cli, Ran

OLD, NEW = '{"text": "old"}', '{"text": "new"}'


@pytest.fixture
def keypair(cli: Cli) -> Iterator[tuple[str, str]]:
    """Have a keypair with a name."""
    made = cli.keypair("--name", "pipeline")
    yield made
    cli.deactivate(made[0])


def test_a_change_is_found_compared_and_undone(
    stack: Stack, cli: Cli, receiver: Receiver, keypair: tuple[str, str]
) -> None:
    """A change made with a named keypair is in history and audit log under that name, and can be reverted."""
    channel_id = cli.channel(receiver.url)
    rule_id = cli.rule("session.started", channel_id, OLD)
    as_pipeline = {
        "BACKEND_ENDPOINT": stack.settings()["BACKEND_ENDPOINT"],
        "BACKEND_ACCESS_KEY": keypair[0],
        "BACKEND_SECRET_KEY": keypair[1],
    }

    def changed() -> Ran | None:  # until the function knows the new keypair
        ran = cli.run("rule", "update", rule_id, "--message-template", NEW, **as_pipeline)
        return ran if ran.code == 0 else None

    until("the new keypair is accepted", changed, 5 * REFRESH_SECONDS)
    history = cli.run("rule", "history", rule_id).out
    assert history.count("Revision: ") == 2
    assert f"Action: updated\nBy: pipeline ({keypair[0]})\n" in history
    assert cli.run("rule", "diff", rule_id, "1", "2").out == (
        f"- message_template: {OLD}\n+ message_template: {NEW}\n"
    )
    logged = cli.run("audit", "list", "--by", "pipeline", "--since", "15m", "--kind", "rule").out
    assert (logged.count("---\n"), f"ID: {rule_id}\n" in logged) == (1, True)
    assert cli.json("rule", "revert", rule_id, "--to", "1")["message_template"] == OLD
    assert cli.run("rule", "diff", rule_id, "1", "3").out == "No differences\n"
    cli.run("rule", "delete", rule_id)
    assert "Action: deleted\n" in cli.run("rule", "history", rule_id).out
    refused = cli.run("rule", "revert", rule_id, "--to", "1")
    assert (refused.code, "was deleted at" in refused.err) == (1, True)


def test_a_channel_goes_back_to_its_receiver(cli: Cli, receiver: Receiver) -> None:
    """A reverted channel sends to where it sent before, with the credential that it had then."""
    channel_id = cli.channel(receiver.url, "--header", "Authorization: Bearer one")
    cli.run("channel", "update", channel_id, "--url", "https://elsewhere.example.com/")
    history = cli.run("channel", "history", channel_id).out
    assert "Changed: spec.url, spec.headers.Authorization\n" in history
    assert "Bearer one" not in cli.run("channel", "diff", channel_id, "1", "2").out
    cli.json("channel", "revert", channel_id, "--to", "1")
    assert cli.run("channel", "validate", channel_id, "--data", "{}").code == 0
    (sent,) = receiver.at(None)
    assert sent.headers["authorization"] == "Bearer one"
