"""There is one way to decide what becomes of an event: whoever tells of it asks the same functions."""

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from local.common import ROOT

SERVICE = (ROOT / "layers" / "notifications" / "notifications", *sorted((ROOT / "functions").iterdir()))
CONDITIONS = "notifications.core.conditions"
TRYING = {"Index", "Matcher", "explain", "match"}
"""What tries a condition on an event."""

DECIDING = {
    "notifications.core.deciding": {"decide"},
    "notifications.core.matching": {"match"},
    "notifications.core.verdicts": {"Verdicts", "trial"},
}


@dataclass(frozen=True)
class Source:
    """What a module takes from others. ``attributes``: what it asks of names, as (name, attribute)."""

    imports: Sequence[ast.ImportFrom]
    attributes: Sequence[tuple[str, str]]


@cache
def sources() -> Mapping[str, Source]:
    """Return what each module of the service takes from others, by the module's name."""
    found: dict[str, Source] = {}
    for folder in SERVICE:
        for path in sorted(folder.rglob("*.py")):
            name = ".".join(path.relative_to(folder.parent if folder is SERVICE[0] else folder).parts)
            nodes = [*ast.walk(ast.parse(path.read_text("utf-8")))]
            found[name.removesuffix(".py").removesuffix(".__init__")] = Source(
                [node for node in nodes if isinstance(node, ast.ImportFrom)],
                [
                    (node.value.id, node.attr)
                    for node in nodes
                    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
                ],
            )
    return found


def used(source: Source, module: str) -> set[str]:
    """Name what a module takes from another one, imported by name or asked of the module."""
    package, _, own = module.rpartition(".")
    found: set[str] = set()
    aliases: set[str] = set()
    for node in source.imports:
        if node.module is not None and (node.module == module or node.module.startswith(f"{module}.")):
            found |= {alias.name for alias in node.names}
        if node.module == package:
            aliases |= {alias.asname or alias.name for alias in node.names if alias.name == own}
    return found | {attribute for name, attribute in source.attributes if name in aliases}


def users(module: str, names: set[str]) -> dict[str, set[str]]:
    """Return who uses these names of a module, outside of it."""
    taken = {
        name: used(source, module) & names
        for name, source in sources().items()
        if not name.startswith(module)
    }
    return {name: found for name, found in taken.items() if found}


def test_conditions_are_tried_in_one_place() -> None:
    """The matching tries rules' conditions, the verdicts explain them; mutes and a search have their own."""
    assert users(CONDITIONS, TRYING) == {
        "notifications.core.matching": {"Index"},
        "notifications.core.muting": {"Matcher"},
        "notifications.core.verdicts": {"explain"},
        "deliveries_api.clauses": {"Matcher"},
    }


def test_what_becomes_of_an_event_is_decided_in_one_place() -> None:
    """The dispatcher and replays plan by the decision, and the verdicts tell of it; nobody else decides."""
    decided = {module: users(module, names) for module, names in DECIDING.items()}
    assert {module: {*found} for module, found in decided.items()} == {
        "notifications.core.deciding": {
            "deliveries_api.event_replay",
            "dispatcher.plan",
            "notifications.core.verdicts",
        },
        "notifications.core.matching": {"notifications.core.deciding"},
        "notifications.core.verdicts": {
            "notifications.api.on_demand",
            "notifications.core.config_files.testing",
            "verdicts_api.backtesting",
            "verdicts_api.explaining",
            "verdicts_api.simulating",
        },
    }


def test_mutes_are_asked_in_few_places() -> None:
    """The configuration of a type has its mutes in it; only waiting deliveries ask by themselves."""
    assert {*users("notifications.core.muting", {"Mutes", "first_naming", "ranked"})} == {
        "notifications.core.config_files.testing",
        "notifications.core.routing",  # which only holds them
        "notifications.store.past",
        "dispatcher.configuration",
        "redeliverer.muting",
    }
