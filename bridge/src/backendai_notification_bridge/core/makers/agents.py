"""Agents that start, are lost, or report an error. The agent is the entry's source."""

from backendai_notification_bridge.core import identity
from backendai_notification_bridge.core.entry import Entry
from backendai_notification_bridge.core.events import Made
from backendai_notification_bridge.core.makers.once import NOISE, STORM, STORM_SECONDS, once_each

LOST = "agent-lost"


def terminated(entry: Entry) -> Made:
    """Make ``agent.lost``, once until the agent is back or 10 minutes have passed.

    Each manager reports it once a second. An agent that was told to end is not lost.
    """
    agent = entry.received.source
    if entry.received.body.get("reason") != LOST:
        return Made((), NOISE)
    if entry.memory.get(_lost_key(agent)):
        return Made((), STORM)
    made = once_each(entry, "agent.lost", {"agent_id": agent, "reason": LOST})
    if made.events:
        entry.memory.put(_lost_key(agent), LOST, STORM_SECONDS)
    return made


def started(entry: Entry) -> Made:
    """Make ``agent.started``; from now on the agent can be lost again."""
    agent = entry.received.source
    made = once_each(entry, "agent.started", {"agent_id": agent, "reason": entry.received.body.get("reason")})
    if made.events and entry.memory.get(_lost_key(agent)):
        entry.memory.put(_lost_key(agent), "", 1)
    return made


def failed(entry: Entry) -> Made:
    """Make ``agent.error``, once in 10 minutes for the same error of an agent.

    The traceback and the environment stay in the cluster, because they may hold secrets.
    """
    body = entry.received.body
    data = {
        "agent_id": entry.received.source,
        "message": body.get("message"),
        "severity": body.get("severity"),
    }
    key = f"error:{identity.of(*data.values())}"
    if entry.memory.get(key) is not None:
        return Made((), STORM)
    made = once_each(entry, "agent.error", data)
    if made.events:
        entry.memory.put(key, "", STORM_SECONDS)
    return made


def _lost_key(agent: str) -> str:
    return f"lost:{agent}"
