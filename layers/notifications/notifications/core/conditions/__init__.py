"""Conditions on events, which say which events a rule sends. Pure functions on one tree.

``parse`` and ``from_clauses`` read a condition, ``to_json`` and ``clauses`` write it, ``check`` compares it
with an event type's schema, ``match`` and ``explain`` try it on an event, and ``Index`` finds which of many
conditions an event meets. Importing all of it takes 13 ms of CPU, so import it where there is a condition.
"""

from notifications.core.conditions.any_type import names_known as names_known
from notifications.core.conditions.any_type import require_any as require_any
from notifications.core.conditions.checking import Fault as Fault
from notifications.core.conditions.checking import check as check
from notifications.core.conditions.checking import require as require
from notifications.core.conditions.compiling import from_clauses as from_clauses
from notifications.core.conditions.engine import Matcher as Matcher
from notifications.core.conditions.engine import match as match
from notifications.core.conditions.explaining import Explanation as Explanation
from notifications.core.conditions.explaining import LeafResult as LeafResult
from notifications.core.conditions.explaining import explain as explain
from notifications.core.conditions.index import Index as Index
from notifications.core.conditions.index import Tried as Tried
from notifications.core.conditions.model import Condition as Condition
from notifications.core.conditions.model import ConditionError as ConditionError
from notifications.core.conditions.parsing import parse as parse
from notifications.core.conditions.printing import clauses as clauses
from notifications.core.conditions.work import ConditionTooExpensive as ConditionTooExpensive
from notifications.core.conditions.writing import to_json as to_json
