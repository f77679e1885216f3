"""backend.ai notification."""

from backendai_notification_cli.terminal.examples import examples
from backendai_notification_cli.terminal.lazy import LazyGroup

command = LazyGroup(
    epilog=examples(
        "notification channel list",
        'notification rule create "Failed sessions" session.terminated Ops --where status=ERROR',
    ),
    package=__name__,
    subcommands={
        "channel": "Manage notification channels.",
        "rule": "Manage notification rules.",
        "delivery": "List, follow and retry deliveries.",
        "event": "Send, list, explain, follow, dispatch and replay events.",
        "simulate": "Tell which rules an event would fire, why or why not, and what they would send.",
        "mute": "Keep messages back for a while.",
        "config": "Keep channels, rules, event types and mutes in a file.",
        "listen": "Follow webhooks, and post them again to a receiver that you develop.",
        "status": "Tell at a glance whether the service is well.",
        "event-type": "Manage custom event types.",
        "audit": "See who changed what, and when.",
        "keypair": "Manage the keypairs of a stack.",
        "whoami": "Show the keypair in use, what it may do, and where its settings come from.",
        "signature": "Check the signatures of webhooks.",
        "api": "Send one signed request to the API and print the JSON of the response.",
    },
    plurals=True,
    help="Manage notification channels, rules and events.",
)
