"""Make the events of an entry.

The maker is found by the entry's name, so a new kind of entry is one function and one line here, in
``positions`` and in ``names``. A maker writes to the memory only at its end, so one that raises has done
nothing and can be tried again.
"""

from collections.abc import Callable, Mapping

from backendai_notification_bridge.core.context import CONTEXT_FIELDS
from backendai_notification_bridge.core.entry import Entry, MakeOptions
from backendai_notification_bridge.core.errors import Refused
from backendai_notification_bridge.core.events import Made
from backendai_notification_bridge.core.makers import (
    agents,
    batch,
    changes,
    gaps,
    idle,
    notifications,
    storage,
    tasks,
)
from backendai_notification_bridge.core.makers.lookup import session_id_of
from backendai_notification_bridge.core.memory import Memory
from backendai_notification_bridge.core.names import GAP, unwanted
from backendai_notification_bridge.core.received import ReceivedEntry
from backendai_notification_bridge.core.sessions import Sessions

__all__ = ["CONTEXT_FIELDS", "MakeOptions", "make", "session_asked_for"]

MAKERS: Mapping[str, Callable[[Entry], Made]] = {
    "notification_triggered": notifications.triggered,
    "scheduling": changes.scheduling,
    "session_started": changes.started,
    "session_terminated": changes.terminated,
    "session_success": batch.ended,
    "session_failure": batch.ended,
    "do_terminate_session": idle.reclaimed,
    "agent_started": agents.started,
    "agent_terminated": agents.terminated,
    "agent_error": agents.failed,
    "bgtask_done": tasks.ended,
    "bgtask_failed": tasks.ended,
    "bgtask_cancelled": tasks.ended,
    "bgtask_partial_success": tasks.ended,
    "image_pull_failed": storage.image_pull_failed,
    "vfolder_clone_failure": storage.vfolder_clone_failed,
    "model_import_done": storage.model_import_done,
    GAP: gaps.told,
}


def make(
    received: ReceivedEntry, memory: Memory, sessions: Sessions | None, options: MakeOptions, tries: int = 0
) -> Made:
    """Make the events. ``tries``: how often the same entry was tried before.

    Raises:
        Refused: no event can be made of it.
        TryLater: the manager does not answer, or does not know the session yet.
    """
    reason = unwanted(received.name, received.via)
    if reason is not None:
        return Made((), reason)
    return MAKERS[received.name](Entry(received, memory, sessions, options, tries))


def session_asked_for(received: ReceivedEntry) -> str | None:
    """Return the session that ``make`` will probably look up, so that many can be looked up at once."""
    body = received.body
    if unwanted(received.name, received.via) is not None:
        return None
    if received.name == "scheduling" and changes.status_of(body) not in changes.ASKING:
        return None
    data = body.get("notification_data") if received.name == "notification_triggered" else body
    try:
        return session_id_of(data if isinstance(data, Mapping) else {})
    except Refused:
        return None
