"""Revisions: the state of a rule, channel, custom event type or mute after each change, and its author."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, fields
from typing import Any, Literal, get_args

from notifications.core import rule_parts
from notifications.core.kinds import kind_of
from notifications.core.masking import MASK, is_credential
from notifications.core.model import Channel, EventType, Rule
from notifications.core.mutes import Mute
from notifications.core.secrets import Secrets
from notifications.core.values import value

RevisionKind = Literal["rule", "channel", "event_type", "mute"]
REVISION_KINDS: tuple[RevisionKind, ...] = get_args(RevisionKind)

Action = Literal["created", "updated", "deleted", "reverted", "applied", "found"]
"""The kind of a change.

``applied``: the object was created or changed by applying a set, or adopted into one. ``found``: the state
that a former release left, recorded at the first change.
"""

State = Rule | Channel | EventType | Mute

SIGNING_SECRET = "signing_secret"  # noqa: S105 - a name, not a secret
"""The name of a change of the secrets that sign a channel's webhooks."""

_NEVER_SHOWN = {
    "spec.auth.password": "spec.auth.username",
    "spec.client_key": "spec.client_certificate",
    "spec.routing_key": "spec.preset",
}
"""The paths of secrets that no document has, each with a path that a document has if the secret exists."""

_NOT_CONFIGURED = frozenset({"created_at", "created_by", "updated_at", "built_in", "added", "message"})
"""Fields that nobody configures."""


@value
class Author:
    """The keypair that a change was made with. ``name``: None if the keypair has none."""

    access_key: str
    user_id: str
    name: str | None = None

    def is_called(self, text: str) -> bool:
        """Return whether a text is its access key, user id or name."""
        return text in {self.access_key, self.user_id, self.name}


@value
class Revision:
    """One change. ``by``: None if the service itself made it. ``at``: a timestamp.

    ``changed``: the paths of the fields that differ from the revision before. ``state``: the state after the
    change, without secrets; None after a deletion, or if it was not read.
    """

    kind: RevisionKind
    id: str
    number: int
    action: Action
    by: Author | None
    at: str
    name: str
    changed: tuple[str, ...] = ()
    state: State | None = None


@value
class Difference:
    """A field that differs between two states; None where it is absent. Credentials are masked."""

    field: str
    old: Any
    new: Any


def shown(state: State) -> dict[str, Any]:
    """Return the configured fields of a state, without secrets, in the form of the API's documents."""
    made = {
        each.name: getattr(state, each.name)
        for each in fields(state)
        if each.name not in _NOT_CONFIGURED | {"sealed", "spec"}
    }
    made["managed"] = state.managed and asdict(state.managed)
    if isinstance(state, Rule):
        made |= rule_parts.documents(state)
    if isinstance(state, Channel):
        kind = kind_of(state.spec)
        made |= {"channel_type": state.channel_type, "spec": kind.document(state.spec)}
        made["retry"] = state.retry if isinstance(state.retry, str) else list(state.retry)
    return made


def differences(old: State | None, new: State | None, credentials: Collection[str] = ()) -> list[Difference]:
    """List the fields that differ between two states, in the order of the documents.

    ``credentials``: the paths of those that changed in between, which the states do not show.
    """
    before, after = ({} if state is None else dict(_flat(shown(state))) for state in (old, new))
    found = [
        Difference(path, before.get(path), after.get(path))
        for path in {**before, **after}
        if not _is_same(before.get(path), after.get(path))
    ]
    listed = {difference.field for difference in found}
    # Leave out credentials that neither state has: a header may have been added and removed in between.
    present = before.keys() | after.keys() | {SIGNING_SECRET}
    present |= {path for path, beside in _NEVER_SHOWN.items() if beside in present}
    return found + [Difference(path, MASK, MASK) for path in credentials if path in present - listed]


def _is_same(one: Any, other: Any) -> bool:
    """Compare two values as JSON does: 1 equals 1.0, but not true, which it equals in Python."""
    match one, other:
        case (bool(), _) | (_, bool()):
            return one is other
        case Mapping(), Mapping():
            return one.keys() == other.keys() and all(
                _is_same(part, other[name]) for name, part in one.items()
            )
        case list(), list():
            return len(one) == len(other) and all(map(_is_same, one, other))
    return bool(one == other)


def changed_credentials(old: Secrets, new: Secrets) -> list[str]:
    """Name the credentials, and the signing secret, that a change has replaced, added or removed."""
    names = sorted(old.headers.keys() | new.headers.keys())
    paths = [f"spec.headers.{name}" for name in names if old.headers.get(name) != new.headers.get(name)]
    paths += ["spec.auth.password"] if old.password != new.password else []
    paths += ["spec.client_key"] if old.client_key != new.client_key else []
    paths += ["spec.routing_key"] if old.routing_key != new.routing_key else []
    return paths + ([SIGNING_SECRET] if old.signing != new.signing else [])


def are_credentials(paths: Collection[str]) -> list[str]:
    """Choose, of the paths of changed fields, those of credentials."""
    return [path for path in paths if path == SIGNING_SECRET or _is_secret(path)]


def _flat(document: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the fields of a document with their paths; only a spec is split into its parts."""
    for name, part in document.items():
        path = f"{prefix}{name}"
        if isinstance(part, dict) and path.partition(".")[0] == "spec":
            yield from _flat(part, f"{path}.")
        elif part is not None or _is_secret(path):
            yield path, MASK if part is None else part


def _is_secret(path: str) -> bool:
    header = path.removeprefix("spec.headers.")  # a header's name may have dots
    if header != path:
        return is_credential(header)
    return path in _NEVER_SHOWN
