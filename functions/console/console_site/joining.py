"""Joins modules into the few files that are served.

Each file is a call of the function, and a hundred small ones compress badly. So all modules of a page are
served as one, and so are all that every page needs. A module becomes a function that returns its exports,
called in the order in which a browser would run the modules; what is in it stays as it is, but for comments.

Modules import and export at the beginning of a line, in the forms below, and not in circles. Anything else
raises ``NotJoined``, which a test finds.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from posixpath import dirname, join, normpath, relpath

LIBRARIES = "vendor/"
"""What is below this is served as it is."""

_IMPORT = re.compile(r'^import (?:(\w+)|\* as (\w+)|\{([^}]*)\}) from "([^"]+)";$', re.MULTILINE)
_EXPORT_FROM = re.compile(r'^export \{([^}]*)\} from "([^"]+)";$', re.MULTILINE)
_EXPORT_DEFAULT = re.compile(r"^export default (?:function (\w+)|(?=\{))", re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async function|function|class|const) (\w+))", re.MULTILINE)
_OTHER = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)
_COMMENT = re.compile(r"^ *(?://.*|/\*\*[^*]*(?:\*(?!/)[^*]*)*\*/ *)\n", re.MULTILINE)
_LATER = re.compile(r'\bimport\("(\.{1,2}/[^"]+)"\)(?!\.)')
"""An import while the console runs; in comments, types are named so."""

_COMMA = re.compile(r"\s*,\s*")


class NotJoined(ValueError):
    """A module that imports or exports in another form, imports what is not there, or in a circle."""


def imports(name: str, text: str) -> list[str]:
    """List what a module imports, in its order. ``name``: its path in the site, as that of all modules."""
    found = [(match.start(), match[4]) for match in _IMPORT.finditer(text)]
    found += [(match.start(), match[2]) for match in _EXPORT_FROM.finditer(text)]
    return [_named(name, relative) for _, relative in sorted(found)]


def later(name: str, text: str) -> list[str]:
    """List what a module imports only while it runs, so that it must be a file of its own."""
    return [_named(name, relative) for relative in _LATER.findall(_COMMENT.sub("", text))]


def in_order(wanted: Iterable[str], texts: Mapping[str, str]) -> list[str]:
    """List modules and all that they need but libraries, each after what it needs.

    Raises:
        NotJoined: see above.
    """
    found: dict[str, None] = {}

    def add(name: str, above: tuple[str, ...]) -> None:
        if name in above:
            raise NotJoined(f"Modules import each other in a circle: {' -> '.join((*above, name))}")
        if name in found or name.startswith(LIBRARIES):
            return
        if name not in texts:
            raise NotJoined(f"{above[-1]} imports {name}, which is not there")
        for imported in imports(name, texts[name]):
            add(imported, (*above, name))
        found[name] = None

    for name in wanted:
        add(name, ())
    return [*found]


def joined(entry: str, order: Iterable[str], texts: Mapping[str, str], base: str | None = None) -> str:
    """Join modules into one, with the exports of one of them, and those of all as ``modules``.

    ``order``: the modules, each after what it needs. ``base``: the file that has what is needed besides them.

    Raises:
        NotJoined: see above.
    """
    order = [*order]
    return "".join(
        (*_opened(entry, order, texts, base), *_modules(entry, order, texts), *_exported(entry, texts))
    )


def _opened(entry: str, order: list[str], texts: Mapping[str, str], base: str | None) -> Iterator[str]:
    needed = sorted({imported for name in order for imported in imports(name, texts[name])})
    libraries = [name for name in needed if name.startswith(LIBRARIES)]
    for number, library in enumerate(libraries):
        yield f'import * as $library{number} from "{_relative(entry, library)}";\n'
    if base:
        yield f'import {{ modules as $base }} from "{_relative(entry, base)}";\n'
    yield f"const $ = {{ {'...$base' if base else ''} }};\n"
    for number, library in enumerate(libraries):
        yield f'$["{library}"] = $library{number};\n'


def _modules(entry: str, order: list[str], texts: Mapping[str, str]) -> Iterator[str]:
    for name in order:
        exported: dict[str, str] = {}
        text = _plain(name, _COMMENT.sub("", texts[name]), exported)
        text = _LATER.sub(partial(_import_from, entry, name), text)
        members = ", ".join(f"{public}: {own}" for public, own in exported.items())
        yield f'$["{name}"] = (() => {{\n{text}\nreturn {{ {members} }};\n}})();\n'


def _plain(name: str, text: str, exported: dict[str, str]) -> str:
    """Take imports and exports out of a module's text; ``exported`` gets what it exports."""

    def imported(match: re.Match[str]) -> str:
        default, all_of_it, some = match.groups()[:3]
        names = f"{{ default: {default} }}" if default else all_of_it or f"{{ {_pairs(some)} }}"
        return f'const {names} = $["{_named(name, match[4])}"];'

    def passed_on(match: re.Match[str]) -> str:
        module = f'$["{_named(name, match[2])}"]'
        for own, _, public in (part.partition(" as ") for part in _COMMA.split(match[1].strip(" \n,"))):
            exported[public or own] = f"{module}.{own}"
        return ""

    def default(match: re.Match[str]) -> str:
        exported["default"] = match[1] or "$default"
        return f"function {match[1]}" if match[1] else "const $default = "

    def exporting(match: re.Match[str]) -> str:
        exported[match[1]] = match[1]
        return ""

    forms = {_IMPORT: imported, _EXPORT_FROM: passed_on, _EXPORT_DEFAULT: default, _EXPORT: exporting}
    for pattern, replace in forms.items():
        text = pattern.sub(replace, text)
    if other := _OTHER.search(text):
        raise NotJoined(f"{name} cannot be joined because of: {other[0]}")
    return text


def _exported(entry: str, texts: Mapping[str, str]) -> Iterator[str]:
    exported: dict[str, str] = {}
    _plain(entry, texts[entry], exported)
    yield "export const modules = $;\n"
    for name in exported:
        yield f'export {"default" if name == "default" else f"const {name} ="} $["{entry}"].{name};\n'


def _import_from(entry: str, name: str, match: re.Match[str]) -> str:
    return f'import("{_relative(entry, _named(name, match[1]))}")'


def _pairs(names: str) -> str:
    """Write the names of an import, like ``a as b``, as those of an object's members."""
    return re.sub(r"(\w+) as (\w+)", r"\1: \2", _COMMA.sub(", ", names.strip(" \n,")))


def _named(name: str, relative: str) -> str:
    return normpath(join(dirname(name), relative))


def _relative(name: str, other: str) -> str:
    relative = relpath(other, dirname(name))
    return relative if relative.startswith(".") else f"./{relative}"
