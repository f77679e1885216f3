"""Find which mute somebody means: by its id, the beginning of that, or its reason."""

from backendai_notification_cli.errors import CliError
from backendai_notification_cli.http.names import MAX_NEAREST, MAX_SHOWN, MIN_PREFIX, Item, whole_id
from backendai_notification_cli.http.record_ids import SEARCHED
from backendai_notification_cli.http.service import connect
from backendai_notification_cli.nearest import nearest

ENDED = "ended"


def find_mute(text: str, *, to_end: bool = False) -> str:
    """Return the id of the mute that a text means; one that is whole is taken as it is.

    ``to_end``: of several, the only one that has not ended is meant.

    Raises:
        CliError: it means none, or several; with the candidates or the nearest.
    """
    if (whole := whole_id(text)) is not None:
        return whole
    wanted = text.strip().casefold()
    known = [*connect().records("mutes", "/notifications/mutes", {"ended": "true"}, SEARCHED)]
    found = [mute for mute in known if str(mute.get("reason")).casefold() == wanted]
    if not found and len(wanted) >= MIN_PREFIX:
        found = [mute for mute in known if str(mute.get("id")).startswith(wanted)]
    if to_end:
        found = [mute for mute in found if mute.get("state") != ENDED] or found
    if len(found) == 1:
        return str(found[0].get("id"))
    if found:
        raise CliError(f"There are {len(found)} mutes that '{text}' may mean: give the ID", *_told(found))
    raise CliError(f"There is no mute '{text}'", *_nearest(text, known))


def _nearest(text: str, known: list[dict[str, object]]) -> list[str]:
    if not known:
        return ["There are no mutes yet"]
    by_reason = {str(mute.get("reason")).casefold(): mute for mute in known}
    near = nearest(text.casefold(), by_reason, MAX_NEAREST)
    if not near:
        return ["'mute list --ended' shows the reasons and IDs"]
    return ["The nearest are:", *_told([by_reason[reason] for reason in near])]


def _told(found: "list[dict[str, object]]") -> list[str]:
    return [_line(mute) for mute in found[:MAX_SHOWN]]


def _line(mute: Item) -> str:
    return f"{mute.get('id')}  {mute.get('reason')}  {mute.get('state')}"
