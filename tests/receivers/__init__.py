"""Fake receivers of the eight services.

They take what the services take, refuse what those refuse, and tell what a reader would see.
"""

from collections.abc import Mapping

from tests.receivers import discord, google_chat, mattermost, ntfy, pagerduty, slack, teams, telegram
from tests.receivers.service import Service

SERVICES: Mapping[str, Service] = {
    service.name: service
    for service in (
        slack.SERVICE,
        teams.SERVICE,
        discord.SERVICE,
        pagerduty.SERVICE,
        mattermost.SERVICE,
        google_chat.SERVICE,
        telegram.SERVICE,
        ntfy.SERVICE,
    )
}
