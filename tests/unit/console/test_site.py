"""What the console's files may contain."""

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest

from console_site import app
from notifications.core.channel_health import State
from notifications.core.delivery import ErrorClass
from notifications.core.event_records import EventStatus
from notifications.core.records import DeliveryStatus
from notifications.core.revisions import Action, RevisionKind
from notifications.core.roles import Role
from notifications.core.service_status import ProblemKind
from notifications.core.verdicts import VerdictName
from tests.unit.console.node import run

SITE = app.SITE
OWN = [file for file in sorted(SITE.rglob("*.js")) if "vendor" not in file.parts]

VENDORED = {
    "preact.js": "bdcbd9abdf2c77c5c45326eab42191e949222d479d0d5f69467387a77040cb55",
    "preact-hooks.js": "e862ab2973aa6455eaa0f77c5d832d2157d6be59a17c8ba546550a575b58c6b4",
    "htm.js": "ab33dd3f38059b9be4d5f5350128eefb2356639c4e0bbe9d9e8b3ba75847e9e4",
}
"""The SHA-256 of the files as npm has them: of preact 11.2.0 dist/preact.mjs and hooks/dist/hooks.mjs, of htm
3.1.1 dist/htm.mjs."""

FOR_DEBUGGERS = {
    "preact.js": "//# sourceMappingURL=preact.mjs.map\n",
    "preact-hooks.js": "//# sourceMappingURL=hooks.mjs.map\n",
}

DANGEROUS = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|srcdoc|\sstyle=|"
    r"localStorage\.setItem\((?!KEPT)|sessionStorage|document\.cookie"
)
"""What would make markup or code of a text, is refused by the policy, or would keep more than it should."""

IMPORT = re.compile(r'(?:from|import\() ?"(\.[^"]+)"')


def name(file: Path) -> str:
    """Name a file by its path in the site."""
    return file.relative_to(SITE).as_posix()


@pytest.mark.parametrize("file", VENDORED)
def test_vendored_files_are_those_of_npm(file: str) -> None:
    """But for where Preact is and a line for debuggers, the libraries are byte by byte what npm has."""
    text = (SITE / "vendor" / file).read_text("utf-8")
    original = text.replace('from"./preact.js"', 'from"preact"') + FOR_DEBUGGERS.get(file, "")
    assert hashlib.sha256(original.encode()).hexdigest() == VENDORED[file]


def test_licences_are_there() -> None:
    """The licence of each library stands beside it."""
    assert "MIT" in (SITE / "vendor" / "LICENSE.preact").read_text("utf-8")
    assert "Apache License" in (SITE / "vendor" / "LICENSE.htm").read_text("utf-8")


@pytest.mark.parametrize("file", OWN, ids=name)
def test_texts_stay_texts(file: Path) -> None:
    """No module makes markup or code of a text, writes styles, or keeps anything but the language."""
    assert DANGEROUS.findall(file.read_text("utf-8")) == []


@pytest.mark.parametrize("file", OWN, ids=name)
def test_time_is_that_of_the_server(file: Path) -> None:
    """Only the module that corrects it asks for the time of this computer, which may be wrong by hours."""
    if name(file) != "service/clock.js":
        assert re.findall(r"Date\.now|new Date\(\)", file.read_text("utf-8")) == []


@pytest.mark.parametrize(
    "path", ["/rules/", "/rules/..", "/channels/.", "/types/%2e%2e", "/rules/a%2Fb", "/nowhere"]
)
def test_what_is_no_id_is_no_page(path: str) -> None:
    """An address whose last part would make another path of the API leads nowhere; any other one is an id."""
    pages = json.dumps(str(SITE / "shell" / "pages.js"))
    found = f"{{ found: pageAt({json.dumps(path)}) }}"
    script = f"const {{ pageAt }} = await import({pages}); console.log(JSON.stringify({found}))"
    assert json.loads(run(script)) == {"found": None}


@pytest.mark.parametrize("file", OWN, ids=name)
def test_imports(file: Path) -> None:
    """A module imports what is there; a page imports no other page, and only the shell knows pages."""
    room = file.relative_to(SITE).parts[:2]
    for relative in IMPORT.findall(file.read_text("utf-8")):
        imported = (file.parent / relative).resolve()
        assert imported.exists(), relative
        parts = imported.relative_to(SITE).parts
        if parts[0] == "pages":
            assert parts[:2] == room or name(file) == "shell/pages.js", relative


@cache
def texts(language: str) -> dict[str, Any]:
    """Read the texts of a language, by their whole names."""
    file = json.dumps(str(SITE / "texts" / f"{language}.js"))
    found = json.loads(run(f"console.log(JSON.stringify((await import({file})).default))"))
    return dict(flat("", found))


def flat(above: str, found: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Name texts in full; one with forms is one text."""
    for key, text in found.items():
        if isinstance(text, dict) and "other" not in text:
            yield from flat(f"{above}{key}.", text)
        else:
            yield f"{above}{key}", text


def placeholders(text: Any) -> list[set[str]]:
    """List what is filled into each form of a text."""
    forms = text.values() if isinstance(text, dict) else [text]
    return [set(re.findall(r"\{(\w+)\}", form)) for form in forms]


def test_languages_have_the_same_texts() -> None:
    """Each text is there in English and Korean, with the same values to fill in."""
    assert list(texts("en")) == list(texts("ko"))
    for key, text in texts("en").items():
        assert placeholders(text) == placeholders(texts("ko")[key]), key


@pytest.mark.parametrize(
    ("section", "words"),
    [
        ("verdict", [*get_args(VerdictName), "unknown"]),
        ("failure", get_args(ErrorClass)),
        ("now.problem", [kind for kind in get_args(ProblemKind) if kind != "channel"]),
        ("history.action", get_args(Action)),
        ("audit.kinds", get_args(RevisionKind)),
        ("role", get_args(Role)),
    ],
)
def test_the_words_of_the_service_have_texts(section: str, words: Sequence[str]) -> None:
    """What the service tells in one of a few words is told in the page's language."""
    told = {key.removeprefix(f"{section}.") for key in texts("en") if key.startswith(f"{section}.")}
    assert told == {*words}


def test_states_have_texts() -> None:
    """So are the statuses of deliveries and events, and the states of channels."""
    words = {*get_args(DeliveryStatus), *get_args(EventStatus), *get_args(State)}
    assert {f"status.{word}" for word in words} <= texts("en").keys()


def test_texts_are_those_that_are_asked_for() -> None:
    """Each text that modules ask for by name is there, and each text is asked for."""
    sources = "\n".join(file.read_text("utf-8") for file in OWN if "texts" not in file.parts)
    asked = set(re.findall(r'\bt\(\s*"([\w.-]+)"', sources))
    assert asked - texts("en").keys() == set()
    quoted = set(re.findall(r'"([a-z_]+(?:\.[\w-]+)+)"', sources))
    menus = {f"{section}.menu" for section in re.findall(r'\bmenu: "(\w+)"', sources)}
    beginnings = tuple(re.findall(r"`([a-z_]+\.[\w.]*)\$\{", sources))
    unused = {key for key in texts("en").keys() - quoted - menus if not key.startswith(beginnings)}
    assert unused == set()
