"""Text that attacks whoever shows it, for names, fields, messages and responses."""

from playwright.sync_api import Page

MARKUP = '<img src=x onerror="document.title=1"><script>document.title=1</script>'
TURNED = "\N{RIGHT-TO-LEFT OVERRIDE}gnp.exe\N{POP DIRECTIONAL FORMATTING}"
LONG = "W" * 200 * 1024
"""200 KiB without a place where a line could be broken."""

_HARM = """() => [
  ...[...document.querySelectorAll("main :is(img, script, iframe)")].map((made) => made.outerHTML),
  ...(document.documentElement.scrollWidth > innerWidth ? ["wider than the window"] : []),
  ...(document.title === "1" ? ["a script was run"] : []),
  ...(/[\\u202a-\\u202e\\u2066-\\u2069]/.test(document.body.innerText) ? ["direction turned"] : []),
]"""


def harm(page: Page) -> list[str]:
    """List what hostile text has done to a page: elements, scripts, or a layout wider than the window."""
    found: list[str] = page.evaluate(_HARM)
    return found
