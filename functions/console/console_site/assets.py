"""The console's files, named for what they contain.

All files are below one folder whose name is a digest of them all, so that modules can import each other by
relative names, a browser may keep each for ever, and a page never meets the files of another release.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from console_site import joining

MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
"""What is served, by the end of its name; the page itself is served apart."""

PAGE = "index.html"
STYLES = "styles.css"

START = "shell/start.js"
"""The module that the page begins with; it loads the first view, and tries again if that fails."""

BASE = "shell/main.js"
"""The module that shows the first view; with it comes all that is not one page's own."""

PAGES = "pages/"

DIGEST_CHARS = 16


@dataclass(frozen=True)
class Asset:
    """A file as it is served."""

    media_type: str
    text: str
    etag: str


@dataclass(frozen=True)
class Site:
    """All that the function serves. ``digest``: the name of the folder that the files are in."""

    digest: str
    page: Asset
    files: dict[str, Asset]


def read(directory: Path) -> Site:
    """Read all files of the console. ``directory``: what is served, and nothing else.

    Raises:
        NotJoined: a module imports or exports in a form that cannot be joined.
    """
    texts = {
        file.relative_to(directory).as_posix(): file.read_text("utf-8")
        for file in sorted(directory.rglob("*"))
        if file.suffix in MEDIA_TYPES
    }
    files = dict(_served(texts))
    template = (directory / PAGE).read_text("utf-8")
    digest = _digest(template, *(part for item in sorted(files.items()) for part in item))
    page = template.replace("{{preloads}}", "\n".join(_preloads(files))).replace(
        "{{files}}", f"console/{digest}"
    )
    return Site(
        digest=digest,
        page=_asset("text/html; charset=utf-8", page),
        files={name: _asset(MEDIA_TYPES[PurePosixPath(name).suffix], text) for name, text in files.items()},
    )


def _served(texts: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Make the few files that are served: of all style sheets one, and one of the modules of each page."""
    modules = {name: text for name, text in texts.items() if name.endswith(".js")}
    yield STYLES, "".join(text for name, text in texts.items() if name.endswith(".css"))
    yield from ((name, text) for name, text in texts.items() if name.endswith(".svg"))
    yield from ((name, text) for name, text in modules.items() if name.startswith(joining.LIBRARIES))
    later = {name for module, text in modules.items() for name in joining.later(module, text)}
    shared = [name for name in modules if not name.startswith(PAGES) and name not in later | {START}]
    base = joining.in_order([BASE, *shared], modules)
    yield BASE, joining.joined(BASE, base, modules)
    yield START, joining.joined(START, [START], modules)
    for name in sorted(later - {BASE}):
        order = [one for one in joining.in_order([name], modules) if one not in base]
        yield name, joining.joined(name, order, modules, BASE)


def _preloads(files: Mapping[str, str]) -> Iterator[str]:
    """Name the modules of the first view at once: a browser would find one import after the other."""
    for name in files:
        if name == BASE or name.startswith(joining.LIBRARIES):
            yield f'  <link rel="modulepreload" href="{{{{files}}}}/{name}">'


def _asset(media_type: str, text: str) -> Asset:
    return Asset(media_type, text, f'"{_digest(text)}"')


def _digest(*texts: str) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:DIGEST_CHARS]
