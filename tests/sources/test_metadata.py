"""Proposals for a source: each says where it was read, the surer place wins, nonsense proposes nothing."""

import pytest

from sources.metadata import Proposal, day, from_facts, from_html, from_text

PAGE = """<!doctype html><html lang="en-GB"><head>
<title>Talks halted | The Outlet</title>
<meta property="og:title" content="Talks halted after &quot;attack&quot;">
<meta property="og:site_name" content="The Outlet"><meta property="og:type" content="article">
<meta property="article:published_time" content="2024-08-15T23:10:00-05:00">
<link rel="canonical" href="/2024/talks?utm_source=mail&amp;id=7">
<script type="application/ld+json">{"@graph": [{"@type": "WebPage"}, {"@type": "NewsArticle",
 "headline": "Another headline", "inLanguage": "ar",
 "author": [{"name": "Ali Hassan"}, {"name": "B. Clark"}]}]}</script>
<script type="application/ld+json">{broken</script>
</head><body><p>words</p></body></html>"""


def proposed(proposals):
    return {each.field: (each.value, each.origin) for each in proposals}


def test_a_page_proposes_what_its_head_says():
    assert proposed(from_html(PAGE, base="https://outlet.example/x")) == {
        "title": ('Talks halted after "attack"', "og:title"),
        "byline": ("Ali Hassan, B. Clark", "schema.org author"),
        "published": ("2024-08-15", "article:published_time"),
        "url": ("https://outlet.example/2024/talks?id=7", "canonical link"),
        "language": ("en-GB", "lang of the page"),
        "outlet": ("The Outlet", "og:site_name"),
        "kind": ("article", "schema.org @type"),
    }


def test_a_bare_page_proposes_its_title_and_the_day_in_its_address():
    page = "<html><title>Press briefing by the spokesman</title><body>words"
    assert proposed(from_html(page, base="https://outlet.example/2024/8/5/briefing/")) == {
        "title": ("Press briefing by the spokesman", "<title>"),
        "kind": ("transcript", "the words of <title>"),
        "published": ("2024-08-05", "the address"),
    }


@pytest.mark.parametrize(
    "page",
    [
        "",
        "<html><meta content=x><link rel=canonical href='javascript:x'>",
        '<script type="application/ld+json">' + "[" * 9999,
    ],
)
def test_nonsense_proposes_nothing(page):
    assert from_html(page) == []


def test_front_matter_proposes():
    facts = {
        "title": "Readout of a call",
        "date": "2024-01-16",
        "source_url": "https://a.example/x?fbclid=1",
        "lang": "ar_IQ",
    }
    assert proposed(from_facts(facts)) == {
        "title": ("Readout of a call", "“title” of the file"),
        "published": ("2024-01-16", "“date” of the file"),
        "url": ("https://a.example/x", "“source_url” of the file"),
        "language": ("ar-IQ", "“lang” of the file"),
        "kind": ("press_release", "the words of “title” of the file"),
    }


def test_a_paste_proposes_from_its_first_and_last_lines():
    body = "\n\n".join(f"The minister said that the talks went on for the {n} time." for n in range(20))
    text = (
        f"Talks halted after attack\n\nBy Ali Hassan\n15 August 2024\n\n{body}\n\nhttps://a.example/talks?utm_medium=x"
    )
    assert proposed(from_text(text)) == {
        "title": ("Talks halted after attack", "the first line"),
        "byline": ("Ali Hassan", "the line “By Ali Hassan”"),
        "published": ("2024-08-15", "the line “15 August 2024”"),
        "url": ("https://a.example/talks", "a line of its own"),
        "language": ("en", "the words of the text"),
    }


def test_arabic_is_told_by_its_letters_and_persian_is_not_arabic():
    assert Proposal("language", "ar", "the letters of the text") in from_text("قال الوزير\nإن المحادثات توقفت")
    assert "language" not in proposed(from_text("وزیر گفت\nکه گفتگوها متوقف شد"))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2024-08-15T23:10:00-05:00", "2024-08-15"),
        ("August 15, 2024", "2024-08-15"),
        ("Thursday, 15 Aug. 2024", "2024-08-15"),
        ("15th August 2024", "2024-08-15"),
        ("15 أغسطس 2024", "2024-08-15"),
        ("2024-08", "2024-08"),
        ("2024-13-01", ""),
        ("31 February 2024", ""),
        ("Thursday", ""),
        ("12345-08-15", ""),
    ],
)
def test_days_are_read_as_printed(text, found):
    assert day(text) == found
