"""Query sessions by the manager's GraphQL."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from backendai_notification_bridge.core.errors import LookupFailed, ManagerUnavailable, TryLater
from backendai_notification_bridge.core.sessions import Session
from backendai_notification_bridge.manager.http import MAX_TOLD_CHARS, Api
from backendai_notification_bridge.manager.rows import FEWER_FIELDS, FIELDS, session_of

PATH = "/admin/gql"
PAGE = 100
MAX_PAGES = 200
"""The most pages that a catch-up reads: 20,000 sessions."""

TOGETHER = 50
"""How many sessions one query asks for; the manager reads them in one database query."""

WARM_SECONDS = 5.0
"""How long results of a common look-up may be used."""

_UNKNOWN_FIELD = "Cannot query field"
_ONE = "query($id: UUID!) { compute_session(id: $id) { %s } }"
_MANY = """query($limit: Int!, $offset: Int!, $filter: String!, $order: String!) {
  compute_session_list(limit: $limit, offset: $offset, filter: $filter, order: $order) { items { %s } }
}"""
_ROLE = "query { user { email role } }"


class Manager:
    """The sessions of a cluster. See ``Api`` for the arguments."""

    def __init__(
        self, endpoint: str, keypair: tuple[str, str], seconds: float, ca_file: Path | None = None
    ) -> None:
        self._api = Api(endpoint, keypair, seconds, ca_file)
        self._fields, self._containers = FIELDS, "containers { cluster_role status_data }"
        self._warm: dict[str, Mapping[str, Any]] = {}
        self._warm_until = 0.0

    def warm(self, session_ids: Sequence[str]) -> None:
        """Look up many at once for the following calls of ``session``, which will report a failure."""
        self._warm = {}
        ids = list(dict.fromkeys(session_ids))
        if len(ids) == 1:
            return
        for first in range(0, len(ids), TOGETHER):
            portion = ids[first : first + TOGETHER]
            variables = {f"i{number}": each for number, each in enumerate(portion)}
            with suppress(TryLater):
                rows = self._ask(_together(len(portion), f"{self._fields} {self._containers}"), variables)
                found = {each: rows.get(f"s{number}") for number, each in enumerate(portion)}
                self._warm |= {each: row for each, row in found.items() if isinstance(row, Mapping)}
        self._warm_until = time.monotonic() + WARM_SECONDS

    def session(self, session_id: str) -> Session | None:
        """Return a session, None if there is none or the keypair may not see it.

        Raises:
            ManagerUnavailable: it does not answer.
            LookupFailed: it answers with errors and nothing else.
        """
        row = self._warm.pop(session_id, None) if time.monotonic() < self._warm_until else None
        if row is None:
            row = self._asked("compute_session", _ONE, {"id": session_id}, self._containers)
        return session_of(row) if isinstance(row, Mapping) else None

    def ended_since(self, at: datetime) -> Iterator[Session]:
        """List the sessions that have terminated since then, the oldest first.

        Raises:
            ManagerUnavailable: it does not answer.
        """
        return self._list(f'(status == "TERMINATED") & (terminated_at >= "{_utc(at)}")', "terminated_at")

    def started_since(self, at: datetime) -> Iterator[Session]:
        """List the sessions that have begun to run since then.

        Before 26.1 ``starts_at`` is not that time, so all running sessions are listed, too.

        Raises:
            ManagerUnavailable: it does not answer.
        """
        found = self._list(f'(starts_at >= "{_utc(at)}") | (status == "RUNNING")', "created_at")
        return (session for session in found if session.started_at and session.started_at >= at)

    def role(self) -> str | None:
        """Return the role of the keypair's user: superadmin, admin, user or monitor.

        Raises:
            ManagerUnavailable: it does not answer.
        """
        user = self._ask(_ROLE, {}).get("user")
        return str(user.get("role")).lower() if isinstance(user, Mapping) else None

    def _list(self, condition: str, order: str) -> Iterator[Session]:
        for page in range(MAX_PAGES):
            variables = {"limit": PAGE, "offset": page * PAGE, "filter": condition, "order": order}
            try:
                listed = self._asked("compute_session_list", _MANY, variables)
            except LookupFailed as error:  # no single entry could be given up for a list
                raise ManagerUnavailable(error.reason) from error
            items = listed.get("items") if isinstance(listed, Mapping) else None
            rows = items if isinstance(items, list) else []
            yield from (session_of(row) for row in rows if isinstance(row, Mapping))
            if len(rows) < PAGE:
                return

    def _asked(self, name: str, query: str, variables: Mapping[str, Any], besides: str = "") -> Any:
        """Query sessions. A release that lacks some fields is asked for fewer from then on."""
        try:
            return self._ask(query % f"{self._fields} {besides}", variables).get(name)
        except LookupFailed as error:
            if _UNKNOWN_FIELD not in error.reason or self._fields == FEWER_FIELDS:
                raise
            self._fields, self._containers = FEWER_FIELDS, ""
            return self._ask(query % self._fields, variables).get(name)

    def _ask(self, query: str, variables: Mapping[str, Any]) -> Mapping[str, Any]:
        document = self._api.post(PATH, {"query": query, "variables": dict(variables)})
        data, errors = document.get("data"), document.get("errors")
        known = isinstance(data, Mapping) and any(value is not None for value in data.values())
        if errors and not known:  # an error in a part of the response leaves the rest usable
            raise LookupFailed(f"the manager's GraphQL says: {_first(errors)}")
        if not isinstance(data, Mapping):
            raise ManagerUnavailable("the manager's response has no data")
        return data


def _together(count: int, fields: str) -> str:
    """Make one query for many sessions, each under an alias."""
    declared = ", ".join(f"$i{number}: UUID!" for number in range(count))
    asked = " ".join(f"s{number}: compute_session(id: $i{number}) {{ ...known }}" for number in range(count))
    return f"query({declared}) {{ {asked} }} fragment known on ComputeSession {{ {fields} }}"


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def _first(errors: Any) -> str:
    first = errors[0] if isinstance(errors, list) else errors
    message = first.get("message") if isinstance(first, Mapping) else first
    return str(message)[:MAX_TOLD_CHARS]
