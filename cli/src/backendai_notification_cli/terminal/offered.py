"""What shells offer for options and arguments that name no single thing of the service."""

from collections.abc import Callable, Sequence

import click

Offer = Callable[[click.Context, click.Parameter, str], list[str]]


def words(known: Sequence[str]) -> Offer:
    """Make what offers words that are known."""

    def offer(_context: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
        return [word for word in known if word.startswith(incomplete)]

    return offer


def sets(context: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    """Offer the sets of configuration that manage something."""
    from backendai_notification_cli.http import completing

    with context.scope(cleanup=False):  # the settings ask it for --profile
        return completing.sets(incomplete)


def managed(context: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    """Offer what the set that stands before manages."""
    from backendai_notification_cli.http import completing

    with context.scope(cleanup=False):
        return completing.managed(incomplete)
