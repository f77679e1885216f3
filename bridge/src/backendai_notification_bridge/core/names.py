"""The wanted entries, and from which source: of one that comes from several, one copy is enough."""

from collections.abc import Mapping

from backendai_notification_bridge.core.received import Via

GAP = "bridge.gap"

_STREAM: frozenset[Via] = frozenset({"stream"})
_SPREAD: frozenset[Via] = frozenset({"pubsub", "key", "api"})
_EITHER: frozenset[Via] = frozenset({"stream", "pubsub", "key"})

WANTED: Mapping[str, frozenset[Via]] = {
    "notification_triggered": _STREAM,
    "scheduling": _SPREAD,
    "session_started": _STREAM,
    "session_terminated": _STREAM,
    "session_success": _STREAM,
    "session_failure": _STREAM,
    "do_terminate_session": _STREAM,
    "agent_started": _STREAM,
    "agent_terminated": _STREAM,
    "agent_error": _STREAM,
    "image_pull_failed": _STREAM,
    "vfolder_clone_failure": _STREAM,
    "model_import_done": _STREAM,
    # Until 25.10 there is no pub/sub, and the ends of tasks are on the stream.
    "bgtask_done": _EITHER,
    "bgtask_failed": _EITHER,
    "bgtask_cancelled": _EITHER,
    "bgtask_partial_success": _EITHER,
    GAP: frozenset({"bridge"}),
}

NOISE = frozenset(
    {
        "agent_heartbeat",
        "agent_images_remove",
        "agent_installed_images_remove",
        "agent_status_heartbeat",
        "bgtask_already_done",
        "bgtask_updated",
        "endpoint_route_list_updated",
        "image_pull_finished",
        "image_pull_started",
        "model_service_status_updated",
        "model_verifying",
        "models_metadata_fetch_done",
        "route_created",
        "route_terminating",
        "service_deregistered",
        "service_registered",
        "session_cancelled",
        "session_checking_precondition",
        "session_enqueued",
        "session_preparing",
        "session_scheduled",
        "session_terminating",
        "vfolder_clone_success",
        "vfolder_deletion_failure",
        "vfolder_deletion_success",
        "volume_mounted",
        "volume_unmounted",
    }
)
"""Other entries of Backend.AI's releases from 25.6 to 26.9, of which no event is made."""

NOISE_PREFIXES = ("do_", "execution_", "kernel_")


def unwanted(name: str, via: Via) -> str | None:
    """Return why an entry from this source can be dropped by its name, None if it is wanted.

    ``noise``: it is known and not needed. ``other way``: the same comes from another source, too. ``unknown
    name``.
    """
    ways = WANTED.get(name)
    if ways is not None:
        return None if via in ways else "other way"
    if name in NOISE or name.startswith(NOISE_PREFIXES):
        return "noise"
    return "unknown name"
