"""Texts that want to be more than text, as values of events have them."""

from hypothesis import strategies as st

PIECES = (
    "<!channel>", "<!here|x>", "<@U123>", "<#C1|general>", "@everyone", "@here", "@all", "@channel",
    "<@&1>", "<users/all>", "@admin", "<at>Bob</at>", "[click](http://evil.example)",
    "![i](http://evil.example/i.png)", "](http://evil.example)",
    "<http://evil.example|bank.example>", '<a href="http://evil.example">bank</a>', "<b>", "</b>",
    "<script>", "&lt;b&gt;", "&#60;", "*bold*", "_it_", "__init__.py", "~~x~~", "~gone~", "`code`",
    "```", "||spoiler||", "> quote", "# head", "- item", "1. one", "\n", "\n> q", "\n# h", "\\",
    "\\*", "\\[x](http://e.example)", "{{DATE(2020-01-01T00:00:00Z)}}", "${x}", "$x$", "<t:1:F>",
    "<:e:1>", ":smile:", ":+1:", "12:30:45", "https://evil.example/a_b_c*d*",
    "http://a.example/(x)[y]<z>", "www.evil.example", "mailto:x@evil.example", "a@example.com",
    "#tag", "~town-square", "my_session_name", "👩‍👩‍👧‍👦", "🇰🇷🇰🇷", "e\u0301", "א" * 3, "\u202eabc",
    "\x00", "\x1b[31m", "\r\n", "😀", "가", "각", "|a|b|", "a*b*c", "=====", "\t", "x" * 300, "<<<>>>",
    "&amp", "\u200b", "tel:123", "'\"", "%3C", "\uff0abold\uff0a", "\n\uff1e q", "\uff40code\uff40",
    "\n```\nx\n```\n", "***x***",
    "_@here", "x._@all", "é@all", "MAILTO:x@evil.example", "Tel:1", "www2.evil.example",
    "WwW.evil.example", "_www.evil.example", "ftp://evil.example", "a\u2028> q", "a\u0085# h",
    "<!date^1392734382^{date}|x>", "</a>", "<!-- x -->", '<a href="tg://user?id=1">', "{{ x }}", "{% raw %}",
)  # fmt: skip
"""Bait for one service or another, and text that must not be broken."""

texts = st.lists(
    st.one_of(
        st.sampled_from(PIECES),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
        st.just(" "),
    ),
    max_size=12,
).map("".join)

long_texts = st.builds(lambda text, times: text * times, texts, st.sampled_from([1, 1, 3, 40, 2_000])).map(
    lambda text: text[: 200 * 1024]
)
