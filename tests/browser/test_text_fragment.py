"""Chromium scrolls to the words that a text fragment names, and to that place of several."""

import html
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from sources.anchoring import context, find_exact
from sources.text_fragments import link_to_words
from tests.factories import CaptureFactory, StatementFactory

pytestmark = pytest.mark.browser

BLOCKS = (
    "A headline about the talks",
    "A well-known, much-quoted sentence: R&D (100% of it) stays.",
    "He said: “At no time did we discuss the withdrawal of American forces from Iraq,” and left.",
    "قال الوزير: “لا اتفاق على الانسحاب، والمحادثات مستمرة”.",
    "She said: “No deal.” A day later he said: “No deal.”",
    "A headline about the talks",
    "The first block of a passage begins here.",
    "And its last block ends there, at last.",
    "مُحَادَثَات السلام 🇮🇶 لم تبدأ بعد",
    f"He began. The talks {'went on and on, ' * 30}until they failed. He stopped.",
)
TEXT = "\n\n".join(BLOCKS)


@pytest.fixture(scope="module")
def address():
    paragraphs = "".join(f'<p id="b{number}">{html.escape(block)}</p>' for number, block in enumerate(BLOCKS))
    style = "<style>p { margin: 0 0 3000px }</style>"
    page = f'<!doctype html><html lang="en"><meta charset="utf-8"><title>A source</title>{style}{paragraphs}'

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            body = page.encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("words", "number", "block"),
    [
        ("A well-known, much-quoted sentence: R&D (100% of it)", 0, 1),
        ("well-known", 0, 1),
        ("At no time did we discuss the withdrawal of American forces from Iraq", 0, 2),
        ("لا اتفاق على الانسحاب، والمحادثات مستمرة", 0, 3),
        ("المحادثات", 0, 3),
        ("No deal", 1, 4),
        ("A headline about the talks", 1, 5),
        ("begins here.\n\nAnd its last", 0, 6),
        ("There, at last".lower(), 0, 7),
        ("مُحَادَثَات السلام", 0, 8),
        (f"The talks {'went on and on, ' * 30}until they failed", 0, 9),
    ],
)
def test_link_scrolls_to_the_words(browser, address, words, number, block):
    span = find_exact(TEXT, words)[number]
    link = link_to_words(address, [(words, *context(TEXT, span))])
    window = browser.new_context(viewport={"width": 800, "height": 600})
    page = window.new_page()
    page.set_default_timeout(15_000)
    try:
        page.goto(link)
        page.wait_for_function("scrollY > 0")
        top = page.evaluate("() => { document.body.offsetTop; return scrollY }")
        boxes = page.evaluate(
            "() => [...document.querySelectorAll('p')].map(p => p.getBoundingClientRect()).map(r => [r.top, r.bottom])"
        )
        shown = [index for index, (low, high) in enumerate(boxes) if high > 0 and low < 600]
        assert (shown, top > 0) == ([block], True), link
    finally:
        window.close()


@pytest.mark.django_db(transaction=True)
def test_read_it_in_the_source_leads_from_the_site_to_the_sentence(browser_page, address):
    capture = CaptureFactory(text=TEXT, source__url=address)
    statement = StatementFactory(
        status="published", capture=capture, content="A well-known, much-quoted sentence: R&D (100% of it) stays"
    )
    browser_page.goto(statement.get_absolute_url())
    browser_page.get_by_role("link", name="Read it in the source").click()
    browser_page.wait_for_url(f"{address}**")
    browser_page.wait_for_function("scrollY > 0")
    top = browser_page.locator("#b1").bounding_box()["y"]
    assert 0 <= top < 900
