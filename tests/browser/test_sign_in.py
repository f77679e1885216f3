"""Signing in to the console, and out."""

from playwright.sync_api import expect

from tests.browser.console import Console, inaccessible


def test_the_sign_in_is_accessible(console: Console) -> None:
    """Nothing of the sign-in is against axe's rules."""
    page = console.open()
    expect(page.get_by_label("Access key")).to_be_visible()
    assert inaccessible(page) == []


def test_a_wrong_secret_key_is_told(console: Console, admin: tuple[str, str]) -> None:
    """Whoever mistypes a key is told so, and may try again."""
    page = console.open()
    page.get_by_label("Access key").fill(admin[0])
    page.get_by_label("Secret key").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("The access key or the secret key is wrong")
    page.get_by_label("Secret key").fill(admin[1])
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Now", level=1)).to_be_visible()
