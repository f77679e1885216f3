"""What shells offer where a profile is named."""

import click


def offered(_context: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    """Offer the profiles, and the local stack."""
    from backendai_notification_cli.http import profiles

    return [name for name in (*profiles.names(), profiles.LOCAL) if name.startswith(incomplete)]
