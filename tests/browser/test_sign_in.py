"""Signing in to the console, and out: what is told, what is kept, and what is not."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, Response, expect

from tests.browser.console import Console, inaccessible

Keypair = tuple[str, str]

KEPT = """
async () => {
  const result = (request) => new Promise((done) => { request.onsuccess = () => done(request.result); });
  const shown = (value) =>
    value instanceof CryptoKey ? `key, extractable: ${value.extractable}, ${value.usages}` : value;
  const databases = [];
  for (const { name } of await indexedDB.databases()) {
    const database = await result(indexedDB.open(name));
    for (const store of database.objectStoreNames) {
      const rows = await result(database.transaction(store).objectStore(store).getAll());
      for (const row of rows)
        databases.push(Object.fromEntries(Object.entries(row).map(([name, value]) => [name, shown(value)])));
    }
    database.close();
  }
  return { databases, local: { ...localStorage }, session: { ...sessionStorage }, cookies: document.cookie };
}
"""
"""Reads all that the browser keeps of the console; of keys what can be done with them."""


def type_keypair(page: Page, access_key: str, secret_key: str) -> None:
    """Fill in the sign-in and send it."""
    page.get_by_label("Access key").fill(access_key)
    page.get_by_label("Secret key").fill(secret_key)
    page.get_by_role("button", name="Sign in").click()


def is_in(page: Page) -> None:
    """Wait until a page is shown."""
    expect(page.get_by_role("heading", name="Now", level=1)).to_be_visible()


def test_the_sign_in_is_accessible(console: Console) -> None:
    """Nothing of the sign-in is against axe's rules, in light and dark, also when it tells of a fault."""
    page = console.open()
    expect(page.get_by_label("Access key")).to_be_visible()
    assert inaccessible(page) == []
    page.emulate_media(color_scheme="dark")
    type_keypair(page, "AKIANOBODY", "wrong")
    expect(page.get_by_role("alert")).to_be_visible()
    assert inaccessible(page) == []


def test_a_wrong_keypair_is_told(console: Console, admin: Keypair) -> None:
    """Whoever mistypes a key is told so, may try again, and need not type the access key anew."""
    page = console.open()
    type_keypair(page, admin[0], "wrong")
    expect(page.get_by_role("alert")).to_contain_text("The access key or the secret key is wrong")
    expect(page.get_by_label("Secret key")).to_have_value("")
    page.get_by_label("Secret key").fill(admin[1])
    page.get_by_label("Secret key").press("Enter")
    is_in(page)


def test_no_answer_is_told(console: Console, admin: Keypair) -> None:
    """If the service cannot be reached the sign-in says that, and not that the keypair is wrong."""
    page = console.open()
    page.route("**/notifications/whoami", lambda route: route.abort())
    type_keypair(page, *admin)
    expect(page.get_by_role("alert")).to_contain_text("The service does not answer")


@pytest.mark.parametrize("wrong", [timedelta(hours=7), timedelta(days=-40)])
def test_a_wrong_clock_heals(console: Console, admin: Keypair, wrong: timedelta) -> None:
    """A browser whose clock is wrong by hours or days is refused once, and then signs at the right time."""
    refused: list[str] = []
    page = console.page

    def note(response: Response) -> None:
        if response.status == 400:
            refused.append(response.url)

    page.on("response", note)
    page.clock.set_system_time(datetime.now(UTC) + wrong)
    console.sign_in(*admin)
    expect(page.get_by_role("heading", name="What waits")).to_be_visible()
    assert len(refused) == 1


def test_nothing_is_kept_unasked(console: Console, admin: Keypair) -> None:
    """Without "remember" nothing of the keypair stays: the console loaded anew asks for it."""
    console.sign_in(*admin)
    is_in(console.page)
    kept = console.page.evaluate(KEPT)
    assert (kept["databases"], kept["session"], kept["cookies"]) == ([], {}, "")
    console.open()
    expect(console.page.get_by_label("Secret key")).to_be_visible()


def test_what_is_remembered_signs_and_cannot_be_read(console: Console, admin: Keypair) -> None:
    """With "remember" the browser keeps the access key, and a key that no script can read."""
    console.sign_in(*admin, remember=True)
    is_in(console.page)
    kept = console.page.evaluate(KEPT)
    assert kept["databases"] == [{"accessKey": admin[0], "key": "key, extractable: false, sign"}]
    assert admin[1] not in json.dumps(kept)
    console.open()
    is_in(console.page)


def test_the_secret_key_is_nowhere_afterwards(console: Console, admin: Keypair) -> None:
    """When somebody has signed in the page has the text of the secret key nowhere, not even in its memory."""
    console.sign_in(*admin, remember=True)
    is_in(console.page)
    assert admin[1] not in console.page.content()
    session = console.context.new_cdp_session(console.page)
    parts: list[str] = []
    session.on("HeapProfiler.addHeapSnapshotChunk", lambda event: parts.append(event["chunk"]))
    session.send("HeapProfiler.collectGarbage")
    session.send("HeapProfiler.takeHeapSnapshot", {"reportProgress": False})
    snapshot = "".join(parts)
    assert admin[0] in snapshot
    assert admin[1] not in snapshot


def test_signing_out_forgets(console: Console, admin: Keypair) -> None:
    """Whoever signs out is asked for a keypair again, in all tabs and also after the page is loaded anew."""
    console.sign_in(*admin, remember=True)
    other = console.context.new_page()
    other.goto(console.url)
    is_in(other)
    console.page.get_by_role("button", name="Sign out").click()
    for page in (console.page, other):
        expect(page.get_by_label("Secret key")).to_be_visible()
    console.page.wait_for_function(f"async () => !(await ({KEPT})()).databases.length")
    console.open()
    expect(console.page.get_by_label("Secret key")).to_be_visible()


def test_a_keypair_that_ends_is_asked_for_again(console: Console, admin: Keypair) -> None:
    """When the service no longer accepts the keypair, the sign-in says why it is shown."""
    page = console.page
    page.clock.install()
    console.sign_in(*admin)
    expect(page.get_by_role("heading", name="What waits")).to_be_visible()
    refusal = {"type": "https://api.backend.ai/probs/auth-failed", "title": "T", "msg": "expired"}
    page.route("**/notifications/**", lambda route: route.fulfill(status=401, json=refusal))
    page.clock.run_for(31_000)
    expect(page.get_by_role("status").first).to_contain_text("The keypair is no longer accepted")


def test_a_viewer_sees_what_they_are(viewer_page: Page, console: Console) -> None:
    """A viewer sees what is happening, and what they are."""
    console.go("/")
    expect(viewer_page.get_by_role("heading", name="What waits")).to_be_visible()
    expect(viewer_page.get_by_text("viewer ·")).to_be_visible()


def test_the_language_is_kept(open_console: Callable[..., Console], admin: Keypair) -> None:
    """The console speaks the browser's language, or the one that is chosen, also the next time."""
    console = open_console(locale="ko-KR")
    page = console.open()
    expect(page.get_by_label("시크릿 키")).to_be_visible()
    page.get_by_label("액세스 키").fill(admin[0])
    page.get_by_label("시크릿 키").fill(admin[1])
    page.get_by_role("button", name="로그인").click()
    expect(page.get_by_role("heading", name="현황", level=1)).to_be_visible()
    assert inaccessible(page) == []
    page.get_by_label("언어").select_option("English")
    is_in(page)
    assert page.evaluate("document.documentElement.lang") == "en"
    console.open()
    expect(page.get_by_label("Secret key")).to_be_visible()
