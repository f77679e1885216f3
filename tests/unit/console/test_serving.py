"""How the console's files are served: by names that change with them, and with what keeps others out."""

import gzip
import re
from typing import Any

import pytest

from console_site import app, assets

SITE = assets.read(app.SITE)

MAX_BYTES = 150_000
"""What all files take at most, compressed as the API compresses them."""

MAX_FIRST_FILES = 8
"""How many files are asked for before anything is seen, with the page: each is a call of the function."""

PAGE: dict[str, Any] = {"path": "/console", "headers": {}, "pathParameters": None}


def asked(name: str, **headers: str) -> dict[str, Any]:
    """Ask for a file as API Gateway hands it on."""
    return app.handler(
        {"path": f"/console/{name}", "headers": headers, "pathParameters": {"proxy": name}}, None
    )


@pytest.mark.parametrize("response", [app.handler(PAGE, None), asked("nothing/there.js")])
def test_no_foreign_script_is_run_and_no_other_page_is_near(response: dict[str, Any]) -> None:
    """Each response says that only the console's own files are loaded, and that no page may frame it."""
    headers = response["headers"]
    assert headers["Content-Security-Policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
        "frame-ancestors 'none'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'"
    )
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_the_page_is_asked_for_each_time() -> None:
    """The page is kept only as long as its tag is still right, which needs no second transfer."""
    response = app.handler(PAGE, None)
    headers = response["headers"]
    assert (response["statusCode"], headers["Cache-Control"]) == (200, "no-cache")
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    for tag in (headers["ETag"], f'"other", W/{headers["ETag"]}'):
        again = app.handler({**PAGE, "headers": {"If-None-Match": tag}}, None)
        assert (again["statusCode"], again["body"]) == (304, "")


def test_files_are_kept_for_ever() -> None:
    """A file is found by the digest of all, and kept for ever by it; with another digest there is none."""
    found = asked(f"{SITE.digest}/shell/main.js")
    assert (found["statusCode"], found["headers"]["Cache-Control"]) == (
        200,
        "public, max-age=31536000, immutable",
    )
    assert found["headers"]["Content-Type"] == "text/javascript; charset=utf-8"
    again = asked(f"{SITE.digest}/shell/main.js", **{"if-none-match": found["headers"]["ETag"]})
    assert again["statusCode"] == 304
    for name in ("0123456789abcdef/shell/main.js", f"{SITE.digest}/../app.py", f"{SITE.digest}/index.html"):
        missing = asked(name)
        assert (missing["statusCode"], missing["headers"]["Cache-Control"]) == (404, "no-store")


def test_the_digest_changes_with_any_file(tmp_path: Any) -> None:
    """Whatever changes, also the page alone, all files have other names."""
    (tmp_path / "shell").mkdir()
    (tmp_path / "index.html").write_text("<p>{{files}}</p>")
    (tmp_path / "shell/start.js").write_text("")
    (tmp_path / "shell/main.js").write_text("1")
    first = assets.read(tmp_path)
    (tmp_path / "shell/main.js").write_text("2")
    second = assets.read(tmp_path)
    (tmp_path / "index.html").write_text("<b>{{files}}</b>")
    assert len({first.digest, second.digest, assets.read(tmp_path).digest}) == 3


def test_a_slash_at_the_end_is_taken_off() -> None:
    """At /console/ relative names would be one folder too deep, so the browser is sent to /console."""
    response = app.handler({**PAGE, "path": "/console/"}, None)
    assert (response["statusCode"], response["headers"]["Location"]) == (308, "../console")


def test_the_page_names_files_that_are_there() -> None:
    """All that the page refers to is served, and the modules of the first view are named, each once."""
    named = re.findall(rf'(?:href|src)="console/{SITE.digest}/([^"]+)"', SITE.page.text)
    assert "{{" not in SITE.page.text
    assert set(named) <= SITE.files.keys()
    assert len(named) == len(set(named)) < MAX_FIRST_FILES
    assert {"shell/start.js", "shell/main.js", "vendor/preact.js", "styles.css"} <= set(named)
    assert not [name for name in named if name.startswith("pages/")]


def test_all_files_together_are_small() -> None:
    """All files, of all pages, take no more than 150 KB compressed."""
    sizes = [len(gzip.compress(asset.text.encode())) for asset in SITE.files.values()]
    assert sum(sizes) < MAX_BYTES
