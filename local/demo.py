"""Play the guide's Quick Start for real, from channel to webhook, and then send a message for people."""

import json
import os
import re
import subprocess
import time
from uuid import uuid4

from backendai_notification_cli.http import profiles
from local.command import on_stack, run
from local.common import ROOT, StackError
from local.demo_receiver import DemoReceiver
from local.stack import Stack

CHANNEL_NAME = "My Webhook"
DESCRIPTION = "Made by make demo"
"""By this a demo knows the channel of an earlier one, and removes it unless other rules use it."""

RULE_NAME = "Session Started Alert"

CHAT_NAME = "My Team on Slack"
CHAT_RULE_NAME = "Tell My Team"

SAMPLE = {"session_type": "interactive", "cluster_mode": "single-node", "status": "RUNNING"}
TEMPLATE = '{"text": "Session {{ session_id }} started"}'


class DemoError(StackError):
    """A step of the demo that did not do what the guide promises."""


def main() -> int:
    """Play it; return 0 only if the webhook arrived with the right body."""
    return on_stack("demo", lambda stack: print(play(stack)))


def play(stack: Stack) -> str:
    """Do what the Quick Start says, with a receiver that stays; return what to try next.

    Raises:
        StackError, TimeoutError: something does not do what the guide promises.
    """
    receiver = DemoReceiver(stack.directory)
    receiver.start()
    command = Command(stack)
    session_id = f"demo-{uuid4()}"
    data = json.dumps({"session_id": session_id, **SAMPLE})
    command.remove_earlier()
    channel_id, rule_id = _set_up(command, receiver, data)
    event_id = _start_session(command, receiver, session_id, data)
    _tell_people(command, receiver)
    return NEXT.format(
        channel_id=channel_id,
        rule_id=rule_id,
        event_id=event_id,
        url=receiver.url,
        webhooks=os.path.relpath(receiver.webhooks, ROOT),
        log=os.path.relpath(stack.ministack.log, ROOT),
        console=stack.console(),
    )


def _set_up(command: "Command", receiver: DemoReceiver, data: str) -> tuple[str, str]:
    """Create a channel and a rule; return their ids."""
    _say("1. List available rule types")
    types = command.run("rule", "types", show=False)
    print(f"  {types.count('• ')} types with their fields: left out here, because they fill some pages")
    _say("2. Create a notification channel")
    channel_id = command.create("channel", "create", CHANNEL_NAME, receiver.url, "--description", DESCRIPTION)
    _say("3. Create a notification rule")
    rule_id = command.create(
        *("rule", "create", RULE_NAME, "session.started", channel_id),
        *("--template", TEMPLATE, "--description", "Alert on session start"),
    )
    _say("4. Verify the setup")
    command.run("rule", "validate", rule_id, "--data", data)
    return channel_id, rule_id


def _start_session(command: "Command", receiver: DemoReceiver, session_id: str, data: str) -> str:
    """Emit an event and show the webhook that arrives; return the event's id.

    Raises:
        DemoError, TimeoutError: the webhook is not what the rule's template makes of the event.
    """
    _say("5. A session starts: its event goes to the event bus")
    started = time.monotonic()
    event_id = command.create("event", "emit", "session.started", "--data", data)
    arrived = receiver.wait_for(session_id)
    milliseconds = round(1000 * (time.monotonic() - started))
    _say(f"6. The webhook that arrived {milliseconds} ms after the command was called")
    print(f"  {arrived['method']} {arrived['path']} HTTP/1.1")
    for name, value in arrived["headers"].items():
        print(f"  {name}: {value}")
    print(f"\n  {arrived['body']}")
    expected = {"text": f"Session {session_id} started"}
    if json.loads(arrived["body"]) != expected:
        raise DemoError(f"the webhook's body is not {json.dumps(expected)}")
    return event_id


def _tell_people(command: "Command", receiver: DemoReceiver) -> None:
    """Send the same event to people: without a template, in the form of Slack.

    Raises:
        DemoError, TimeoutError: the message is not what Slack takes.
    """
    name = f"train-{uuid4().hex[:8]}"
    data = json.dumps({"session_id": f"demo-{uuid4()}", "session_name": name, **SAMPLE})
    _say("7. The same for people: a channel with a preset, here Slack's, needs no template")
    channel_id = command.create(
        *("channel", "create", CHAT_NAME, receiver.url, "--preset", "slack", "--description", DESCRIPTION)
    )
    rule_id = command.create("rule", "create", CHAT_RULE_NAME, "session.started", channel_id)
    command.create("event", "emit", "session.started", "--data", data)
    title = f"Session started: {name}"
    body = json.loads(receiver.wait_for(title)["body"])
    _say("8. What Slack would have got")
    print("".join(f"  {line}\n" for line in json.dumps(body, indent=2, ensure_ascii=False).splitlines()))
    if body.get("text") != title or not body.get("attachments"):
        raise DemoError(f"the message is not Slack's, with the text {title!r}")
    _say("9. What its readers would have seen")
    command.run("rule", "preview", rule_id, "--data", data)


class Command:
    """Runs ./backend.ai on this stack, whatever the command line is configured for."""

    def __init__(self, stack: Stack) -> None:
        self._env = {**os.environ, **stack.settings()}
        self._env.pop(profiles.VARIABLE, None)

    def run(self, *arguments: str, show: bool = True) -> str:
        """Run a notification command, show it and what it prints; return all of it."""
        print(f"  $ ./backend.ai notification {' '.join(map(_quoted, arguments))}")
        result = self._call(*arguments)
        if show or result.returncode:
            print("".join(f"  {line}\n" for line in result.stdout.splitlines()), end="")
        if result.returncode:
            raise DemoError(f"the command failed with exit code {result.returncode}")
        return result.stdout

    def _call(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [ROOT / "backend.ai", "notification", *arguments],
            env=self._env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=600,
        )

    def remove_earlier(self) -> None:
        """Delete the rules and channels that earlier demos made; a channel stays if other rules use it."""
        earlier = re.findall(
            rf"^ID: (\S+)\n(?:.*\n){{3}}Description: {DESCRIPTION}$",
            self._call("channel", "list").stdout,
            re.MULTILINE,
        )
        if not earlier:
            return
        named = rf"^ID: (\S+)\nName: (?:{RULE_NAME}|{CHAT_RULE_NAME})$"
        for rule_id in re.findall(named, self._call("rule", "list").stdout, re.MULTILINE):
            if any(channel_id in self._call("rule", "info", rule_id).stdout for channel_id in earlier):
                self._call("rule", "delete", rule_id)
        for channel_id in earlier:
            self._call("channel", "delete", channel_id)

    def create(self, *arguments: str) -> str:
        """Run a command that creates something; return its id."""
        match = re.search(r"(?:created|accepted): (\S+)", self.run(*arguments))
        if match is None:
            raise DemoError("the command did not say which id it made")
        return match[1]


def _say(title: str) -> None:
    print(f"\n{title}")


def _quoted(argument: str) -> str:
    return argument if re.fullmatch(r"[\w.:/-]+", argument) else f"'{argument}'"


NEXT = """
It works. The stack goes on running, and so does a receiver, at {url}. What to try next:

{console}
Which events there are, and the rule that was made:
  ./backend.ai notification rule types
  ./backend.ai notification rule info {rule_id}
Why that event went out, and what would become of another:
  ./backend.ai notification event explain {event_id}
  ./backend.ai notification simulate session.started --sample
Another event, what became of it, and what the receiver got:
  ./backend.ai notification event emit session.started --data '{{"session_id": "s1", "session_type": "batch",
    "cluster_mode": "single-node", "status": "RUNNING"}}'
  ./backend.ai notification delivery list --channel {channel_id}
  tail -n 1 {webhooks}
Events as Backend.AI writes them, carried by the bridge:
  make bridge-demo
What another service would show of a message, without sending any:
  ./backend.ai notification rule preview --preset discord --type session.terminated
A message to the receiver directly:
  ./backend.ai notification channel validate {channel_id} --data '{{"text": "Test"}}'
What the dispatcher logs:
  tail -n 20 {log}
Stop both; `make up` brings them back as they were:
  make down"""


if __name__ == "__main__":
    run(main)
