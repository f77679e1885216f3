"""The parameters of lists by time, with cursors."""

from typing import Annotated

from notifications.api.models import Time
from notifications.api.powertools import Query
from notifications.core.search import MAX_LIMIT

Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT, description="How many to return at most")]
Since = Annotated[Time | None, Query(description="Only what was created then or later")]
Until = Annotated[Time | None, Query(description="Only what was created before")]
Cursor = Annotated[str | None, Query(description="The `next` of the page before")]
