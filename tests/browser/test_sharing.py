"""A card in a frame of another site, and what may not be framed; the printed sheet."""

from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from threading import Thread
from urllib.parse import urlsplit

import pytest
from pypdf import PdfReader

from claims.embedding import frame_of
from claims.models import Contradiction, Statement
from claims.views.sharing import for_sharing
from tests.story import copy_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAIR = "/contradictions/z8zaqp1317/"


@pytest.fixture
def story(transactional_db, story_rows):
    """In place of the suite's own: written for the server's thread to see, and gone after the test."""
    copy_in(story_rows)


@contextmanager
def another_site(folder):
    """Files served at an origin of their own, on a free port."""
    handler = partial(SimpleHTTPRequestHandler, directory=str(folder))
    handler.func.log_message = lambda *args: None
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def elsewhere(live_server, settings, tmp_path):
    """A site that frames a card by the code of oEmbed, and another page of ours."""
    settings.SITE_URL = live_server.url
    frame = f'<iframe src="{live_server.url}{PAIR}" width="640" height="600"></iframe>'
    (tmp_path / "page.html").write_text(f"<!doctype html><title>News</title><p>{frame}</p>")
    with another_site(tmp_path) as address:
        yield address


@pytest.mark.usefixtures("story")
def test_card_shows_whole_in_a_frame_of_another_site(browser_page, live_server, elsewhere, tmp_path):
    code = browser_page.request.get(f"{live_server.url}/oembed?url={live_server.url}{PAIR}").json()["html"]
    (tmp_path / "card.html").write_text(f"<!doctype html><title>News</title><p>{code}</p>")
    refused = []
    browser_page.on("console", lambda message: refused.append(message.text))
    browser_page.goto(f"{elsewhere}/card.html")
    card = browser_page.frame_locator("iframe")
    card.locator("text=At no time did we discuss the withdrawal of American forces").first.wait_for()
    # A lazy frame is not part of its page's load, and its words are there before its styles.
    browser_page.frames[1].wait_for_load_state("load")
    overflows = card.locator("html").evaluate("e => [e.scrollWidth - innerWidth, e.scrollHeight - innerHeight]")
    assert max(overflows) <= 0, overflows
    assert browser_page.context.cookies() == []
    assert [line for line in refused if "Security Policy" in line or "frame" in line] == []


@pytest.mark.usefixtures("story")
@pytest.mark.parametrize("width", [640, 480, 320])
def test_frame_is_as_high_as_its_card_needs(browser_page, width):
    """Of every pair and of some statements; at most 320 pixels are left empty."""
    rows = [*for_sharing(Contradiction), *for_sharing(Statement)[:12]]
    found = {}
    for record in rows:
        frame = frame_of(record, width)
        browser_page.set_viewport_size({"width": width, "height": 100})
        browser_page.goto(urlsplit(frame.src).path)
        needed = browser_page.evaluate("document.documentElement.scrollHeight")
        if not needed <= frame.height <= needed + 320:
            found[record.ref] = (needed, frame.height)
    assert len(rows) > 20
    assert found == {}, sorted(found.values(), key=lambda each: each[1] - each[0])


@pytest.mark.usefixtures("story")
def test_no_other_page_may_be_framed(browser, elsewhere):
    context = browser.new_context()
    page = context.new_page()
    refused = []
    page.on("console", lambda message: refused.append(message.text))
    page.goto(f"{elsewhere}/page.html")
    assert [frame for frame in page.frames[1:] if "At no time" in frame.content()] == []
    assert any("frame-ancestors" in line or "X-Frame-Options" in line for line in refused)
    context.close()


@pytest.mark.usefixtures("story")
@pytest.mark.parametrize("address", [PAIR, "/statements/m9qhcy0t9c/", "/topics/us-iraq-coalition-talks/"])
def test_printed_sheet_says_where_it_is_from_and_leaves_out_what_one_cannot_click(browser_page, address):
    browser_page.goto(address)
    browser_page.emulate_media(media="print")
    assert browser_page.locator("#permalink").is_visible()
    for hidden in (".masthead nav", ".languages", ".follow", ".copy", ".sharing summary"):
        assert [each for each in browser_page.locator(hidden).all() if each.is_visible()] == [], hidden
    printed = "".join(page.extract_text() for page in PdfReader(BytesIO(browser_page.pdf(format="A4"))).pages)
    assert address in printed
    assert [each for each in ("JSON Feed", "e-mail") if each in printed] == []
