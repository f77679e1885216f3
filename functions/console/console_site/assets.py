"""The console's files, named for what they contain.

All files are below one folder whose name is a digest of them all, so that modules can import each other by
relative names, a browser may keep each for ever, and a page never meets the files of another release.
"""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
"""What is served, by the end of its name; the page itself is served apart."""

PAGE = "index.html"
ENTRY = "shell/start.js"
"""The module that the page begins with; it loads the first view, and tries again if that fails."""

FIRST_VIEW = "shell/main.js"
"""The module whose imports are what is loaded before anything is seen."""

STYLES = "styles.css"
"""All style sheets in one file, in the order of their names: each file is a call of the function."""

DIGEST_CHARS = 16

_IMPORT = re.compile(r'^(?:import|export)\b[^"=;]*?from *"(\.{1,2}/[^"]+)"', re.MULTILINE)


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
    """Read all files of the console. ``directory``: what is served, and nothing else."""
    texts = {
        file.relative_to(directory).as_posix(): file.read_text("utf-8")
        for file in sorted(directory.rglob("*"))
        if file.suffix in MEDIA_TYPES
    }
    styles = [name for name in texts if name.endswith(".css")]
    texts[STYLES] = "".join(texts.pop(name) for name in styles)
    template = (directory / PAGE).read_text("utf-8")
    digest = _digest(template, *(part for item in sorted(texts.items()) for part in item))
    page = (
        template.replace("{{preloads}}", _preloads(texts))
        .replace("{{styles}}", STYLES)
        .replace("{{entry}}", ENTRY)
        .replace("{{files}}", f"console/{digest}")
    )
    return Site(
        digest=digest,
        page=_asset("text/html; charset=utf-8", page),
        files={name: _asset(MEDIA_TYPES[PurePosixPath(name).suffix], text) for name, text in texts.items()},
    )


def first_view(texts: dict[str, str]) -> list[str]:
    """List the modules that are loaded before anything is seen, each after the one that imports it."""
    found = [FIRST_VIEW]
    for name in found:  # it grows meanwhile
        folder = PurePosixPath(name).parent
        for relative in _IMPORT.findall(texts[name]):
            imported = _joined(folder, relative)
            if imported not in found:
                found.append(imported)
    return found


def _preloads(texts: dict[str, str]) -> str:
    """Name the modules at once: a browser would find them one import after the other."""
    return "\n".join(
        f'  <link rel="modulepreload" href="{{{{files}}}}/{name}">' for name in first_view(texts)
    )


def _joined(folder: PurePosixPath, relative: str) -> str:
    parts = list(folder.parts)
    for part in relative.split("/"):
        if part == "..":
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


def _asset(media_type: str, text: str) -> Asset:
    return Asset(media_type, text, f'"{_digest(text)}"')


def _digest(*texts: str) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:DIGEST_CHARS]
