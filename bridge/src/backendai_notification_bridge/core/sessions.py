"""Sessions, as the manager knows them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Session:
    """A compute session from the manager's API. What the API does not tell is None."""

    id: str
    name: str | None = None
    type: str | None = None
    """In lower case: interactive, batch, inference, system."""

    cluster_mode: str | None = None
    status: str | None = None
    status_info: str | None = None
    project: str | None = None
    domain: str | None = None
    user_id: str | None = None
    user_email: str | None = None
    access_key: str | None = None
    resource_group: str | None = None
    image: str | None = None
    requested_slots: Mapping[str, str] | None = None
    agent_ids: tuple[str, ...] | None = None
    created_at: datetime | None = None
    started_at: datetime | None = None
    """When it last began to run."""

    terminated_at: datetime | None = None
    exit_code: int | None = None


class Sessions(Protocol):
    """The part of the manager's API that the bridge uses."""

    def session(self, session_id: str) -> Session | None:
        """Return a session, None if there is none or the keypair may not see it.

        Raises:
            ManagerUnavailable: it does not answer.
            LookupFailed: it answers that it could not look it up.
        """

    def warm(self, session_ids: Sequence[str]) -> None:
        """Look up many at once for the following calls of ``session``, which will report a failure."""

    def ended_since(self, at: datetime) -> Iterator[Session]:
        """List the sessions that have terminated since then, the oldest first.

        Raises:
            ManagerUnavailable: it does not answer.
        """

    def started_since(self, at: datetime) -> Iterator[Session]:
        """List the sessions that have begun to run since then, the oldest first.

        Raises:
            ManagerUnavailable: it does not answer.
        """
