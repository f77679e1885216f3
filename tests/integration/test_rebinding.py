"""A name server that is the attacker's, asked over real sockets."""

import pytest

from local.receiver import Receiver
from notifications.core.delivery import Failure, Response
from notifications.core.targets import TargetPolicy
from notifications.outbound import resolver
from notifications.outbound.sender import Sender
from tests.integration.name_server import NameServer
from tests.integration.sending import post

NAME = "rebinding.example"
ONLY_ONE = TargetPolicy.read("127.0.0.1/32", http=True, ports="any")
"""Takes one address of this machine, which stands for a public one; 127.0.0.2 stands for an internal one."""


def test_an_answer_that_changes_after_it_was_vetted() -> None:
    """The second answer of a rebinding name server is never asked for: the vetted address is connected to."""
    with NameServer(["127.0.0.1"], ["127.0.0.2"]) as server, Receiver() as receiver:
        url = f"http://{NAME}:{receiver.url.rpartition(':')[2]}/"
        outcome = Sender(1, policy=ONLY_ONE, look_up=server.look_up).send(post(url))
        assert isinstance(outcome, Response)
        assert (server.asked, len(receiver.received)) == ([NAME], 1)


def test_an_answer_that_changes_between_messages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once its answer leads inside, a name is refused, though it was good a moment before."""
    monkeypatch.setattr(resolver, "KEPT_SECONDS", 0.0)
    with NameServer(["127.0.0.1"], ["127.0.0.2"]) as server, Receiver() as receiver:
        url = f"http://{NAME}:{receiver.url.rpartition(':')[2]}/"
        sender = Sender(1, policy=ONLY_ONE, look_up=server.look_up)
        assert isinstance(sender.send(post(url)), Response)
        outcome = sender.send(post(url))
        assert isinstance(outcome, Failure)
        assert outcome.error_class == "refused_address"
        assert (server.asked, len(receiver.received)) == ([NAME, NAME], 1)


@pytest.mark.parametrize("answers", [["127.0.0.1", "127.0.0.2"], ["127.0.0.2", "127.0.0.1"], ["127.0.0.2"]])
def test_mixed_answers(answers: list[str]) -> None:
    """One bad address among the answers refuses them all, in whichever order they come."""
    with NameServer(answers) as server, Receiver() as receiver:
        url = f"http://{NAME}:{receiver.url.rpartition(':')[2]}/"
        outcome = Sender(1, policy=ONLY_ONE, look_up=server.look_up).send(post(url))
        assert isinstance(outcome, Failure)
        assert (outcome.error_class, receiver.received) == ("refused_address", [])


def test_a_host_without_an_address() -> None:
    """A name that has no address is a failure of its own class, which is tried again."""
    with NameServer([]) as server:
        outcome = Sender(1, policy=ONLY_ONE, look_up=server.look_up).send(post(f"http://{NAME}:1/"))
    assert isinstance(outcome, Failure)
    assert outcome.error_class == "dns"
