"""backend.ai notification rule."""

from backendai_notification_cli.terminal.examples import examples
from backendai_notification_cli.terminal.lazy import LazyGroup

command = LazyGroup(
    epilog=examples("notification rule list --channel Ops", "notification rule schema session.started"),
    package=__name__,
    subcommands={
        "types": "List the rule types with their message fields.",
        "schema": "Show the message fields of a rule type.",
        "list": "List all rules.",
        "info": "Show a rule.",
        "create": "Create a rule.",
        "update": "Update a rule.",
        "delete": "Delete a rule.",
        "history": "List a rule's revisions.",
        "diff": "Compare two of a rule's revisions.",
        "revert": "Bring a rule back to an earlier revision.",
        "validate": "Test a rule by rendering its template with sample data.",
        "preview": "Show what readers will see of a rule's message, or of the default message in a service.",
        "backtest": "Try a rule with recorded events: how often it would have fired.",
    },
    help="Manage notification rules.",
)
