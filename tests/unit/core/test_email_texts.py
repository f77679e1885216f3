"""The default message as an email."""

from html import escape as html_escape

import pytest
from hypothesis import given

from notifications.core import email_texts
from tests.samples.configuration import STARTED
from tests.unit.core.composed import TEXTS, composed


@given(TEXTS)
def test_an_email_says_it_in_text_and_html(text: str) -> None:
    """Both parts of an email have the values; in HTML they are text, and nothing is loaded from elsewhere."""
    made = composed({**STARTED, "session_name": text[:100]}, zone="Asia/Seoul")
    html = email_texts.html(made)
    assert "19:30:00 KST" in html
    assert "19:30:00 KST" in email_texts.text(made)
    assert html_escape(" ".join(made.title.split()), quote=False) in html
    assert not any(loading in html for loading in ("<script", "<img", "src=", "<link", "@import", "url("))
    assert "\n" not in email_texts.subject(made)
    assert email_texts.subject(made).startswith("[info] ")


@pytest.mark.parametrize("link", ["javascript:alert(1)", "http://", "https://x y", "//x", "http://[", "x"])
def test_an_email_has_no_other_links(link: str) -> None:
    """A link that is not a web address is left out."""
    assert "href" not in email_texts.html(composed(STARTED, link=link))


def test_an_emails_text_is_bounded() -> None:
    """A text that is too long for an email ends with a mark that names the event."""
    made = composed({**STARTED, "status": "x" * 100_000}, text="{{ status }}{{ status }}")
    assert "[cut; event e-1]" in email_texts.text(made)
    assert len(email_texts.html(made)) < 200_000
