"""What every command of the tree knows of its output: the options, and the fields of its document."""

import json
from dataclasses import replace
from pathlib import Path

from backendai_notification_cli.cli import root
from backendai_notification_cli.commands.notification import revisions, status, verdicts
from backendai_notification_cli.commands.notification.audit.list import ENTRY
from backendai_notification_cli.commands.notification.channel import channels
from backendai_notification_cli.commands.notification.delivery import deliveries
from backendai_notification_cli.commands.notification.event import events
from backendai_notification_cli.commands.notification.event_type.event_types import EVENT_TYPE
from backendai_notification_cli.commands.notification.rule.preview import PREVIEW
from backendai_notification_cli.commands.notification.rule.rules import RULE
from backendai_notification_cli.commands.notification.rule.validate import TRIAL
from backendai_notification_cli.terminal.kinds import shown_kind
from tests.unit.cli.test_cli_tree import walk

OPENAPI = Path(__file__).parents[3] / "layers/notifications/notifications/api/openapi.json"


def test_every_command_knows_its_fields() -> None:
    """Each command that prints a document of known fields names them; the others print what differs."""
    unknown = {
        f"{path} {name}".strip()
        for path, _, commands in walk(root)
        for name, command in commands.items()
        if not hasattr(command, "subcommands") and not shown_kind(command.callback).fields
    }
    assert unknown == {
        "notification signature verify",
        "notification api",
        "configure show",
    }


def test_every_command_has_the_options() -> None:
    """No command of the tree is without the options about the output."""
    for path, _, commands in walk(root):
        for name, command in commands.items():
            names = {name for param in command.params for name in param.opts}
            wanted = {"-o", "--output", "--json", "--jq", "-q", "--quiet", "--no-pager"}
            assert wanted <= names or hasattr(command, "subcommands"), f"{path} {name}"


def test_the_fields_are_the_apis() -> None:
    """The fields that a command names are those of the API's document."""
    documents = json.loads(OPENAPI.read_text())["components"]["schemas"]
    whole = {"next", "total"}  # of the pages that these commands put together
    for kind, name in (
        (replace(verdicts.EXPLANATION, fields=(*verdicts.EXPLANATION.fields, *whole)), "Explanation"),
        (replace(verdicts.SIMULATION, fields=(*verdicts.SIMULATION.fields, *whole)), "Simulation"),
        (channels.CHANNEL, "ChannelWithState"),
        (channels.CHANNEL_WITH_SECRET, "ChannelWithSecret"),
        (RULE, "RuleOut"),
        (deliveries.DELIVERY, "DeliveryOut"),
        (deliveries.DELIVERY_DETAIL, "DeliveryDetail"),
        (events.EVENT, "EventOut"),
        (EVENT_TYPE, "EventTypeOut"),
        (revisions.REVISION, "RevisionOut"),
        (revisions.COMPARED, "RevisionDetail"),
        (ENTRY, "AuditEntry"),
        (PREVIEW, "Preview"),
        (TRIAL, "WarnedTrial"),
        (shown_kind(status.command.callback), "ServiceStatus"),
    ):
        assert set(kind.fields) == set(documents[name]["properties"]), name
