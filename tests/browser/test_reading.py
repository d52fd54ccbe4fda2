"""What only a browser shows of the readers' pages: rows that line up, narrow screens, keyboard, dark, right to left."""

import gzip
from itertools import pairwise

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import transaction

from claims.models import Statement
from tests.constraints import rewrite_row
from tests.factories import CaptureFactory, SourceFactory, StatementFactory, TranslationFactory
from tests.story import copy_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TALKS = "us-iraq-coalition-talks"
PAIR = "/contradictions/z8zaqp1317/"
PAGES = {
    "front": "/",
    "topics": "/topics/",
    "matrix": f"/topics/{TALKS}/",
    "timeline": f"/topics/{TALKS}/timeline/",
    "timeline with a problem": f"/topics/{TALKS}/timeline/?from=soon",
    "matrix with a problem": f"/topics/{TALKS}/?order=loudest",
    "matrix as it stood": f"/topics/{TALKS}/?as_of=2100-01-01",
    "history": f"/topics/{TALKS}/history/",
    "corrections": "/corrections/",
    "how we correct": "/about/corrections/",
    "vocabulary": "/ns/",
    "filter to follow": "/alerts/statements/?q=withdrawal",
    "report of a mistake": "/report/statements/m9qhcy0t9c/",
    "contradictions": "/contradictions/",
    "pair": PAIR,
    "chooser": "/compare/",
    "chooser with a problem": "/compare/?statement=hhejaw7a5f",
    "statements compared": "/compare/?statement=hhejaw7a5f&statement=m9qhcy0t9c&statement=5zk0dt6t15",
    "speakers compared": f"/compare/?topic={TALKS}&speaker=matthew-miller&speaker=official-sources",
    "what to compare": f"/compare/?topic={TALKS}",
    "paraphrase and own words": "/contradictions/f6zxgrw8ts/",
    "pair in Arabic": "/ar/contradictions/z8zaqp1317/",
    "statement that passes on": "/statements/v6wrgh7q29/",
    "institution": "/speakers/iraq-ministry-of-foreign-affairs/",
    "statements": "/statements/?q=withdrawal&mode=direct",
    "statements with a problem": "/statements/?mode=sung&said_after=soon",
    "statement": "/statements/m9qhcy0t9c/",
    "speakers": "/speakers/",
    "speaker": "/speakers/matthew-miller/",
    "sources": "/sources/",
    "source in passages": "/sources/v8rhmbxqs1/",
    "source in full": "/sources/3pd1c70tzt/",
    "source with every kind of passage": "/sources/wh0e000000/",
    "source in Arabic": "/sources/arab1c0000/",
    "changes": "/sources/wh0e000000/changes/wh0ec0py20/",
    "changes of an excerpt": "/sources/v8rhmbxqs1/changes/v8rcapt0re/",
    "changes in Arabic": "/sources/arab1c0000/changes/arab1cc0py/",
    "method": "/about/method/",
    "verification": "/about/verification/",
    "not there": "/nothing/",
    "withdrawn": "/statements/rtmg6wtsrr/",
    "card of a pair": "/embed/contradictions/z8zaqp1317/",
    "card of a statement": "/embed/statements/m9qhcy0t9c/",
    "card of what was withdrawn": "/embed/statements/rtmg6wtsrr/",
}
COLOURS = {"runOnly": ["color-contrast", "link-in-text-block"]}
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 320, "height": 640}


@pytest.fixture
def story(transactional_db, story_rows):
    """In place of the suite's own: written for the server's thread to see, and gone after the test."""
    copy_in(story_rows)
    rewrite_row(Statement.objects.get(ref="rtmg6wtsrr"), status="withdrawn")
    copies_of_two_sources()


PRINTED = (
    "The minister said that the talks, “a farce” by his account, were halted. “We didn’t discuss it – at all,” he "
    "added.\n\nNobody said when they would go on."
)
ARABIC = "قال الوزير إن المحادثات “توقفت” يوم 5 آب، وإنه لم يحدد موعد جديد.\n\nولم يعلق أحد."


def copies_of_two_sources():
    """A source with each kind of passage and one in Arabic, both changed since; a later copy of the story's article."""
    url = "https://news.example.org/a"
    source = SourceFactory(ref="wh0e000000", url=url, state="changed", title="A long-lasting pause")
    whole = CaptureFactory(source=source, text=PRINTED, rights="public_domain", captured_at="2024-08-16T10:00Z")
    talks = "the talks, “a farce” by his account, were halted"
    StatementFactory(status="published", capture=whole, content=talks, quotes=["a farce"])
    for content, tier in (
        ("a farce", "exact"),
        ("farce” by his", "whitespace"),
        ("We didn’t discuss it – at all", "typography"),
        ("were halted", "case"),
        ("Nobody said when", "elided"),
    ):
        made = StatementFactory(status="published", capture=whole, content=content)
        made.anchors.update(tier=tier)
    later = PRINTED.replace("halted", "postponed").replace("Nobody said", "He did not say")
    CaptureFactory(ref="wh0ec0py20", source=source, text=later, rights="public_domain", captured_at="2024-08-20T10:00Z")
    source = SourceFactory(ref="arab1c0000", language="ar", title="توقف المحادثات", state="gone")
    arabic = CaptureFactory(source=source, text=ARABIC, rights="licensed", captured_at="2024-08-16T10:00Z")
    words = "المحادثات “توقفت” يوم 5 آب"
    StatementFactory(status="published", capture=arabic, content=words, quotes=["توقفت"], language="ar")
    later = ARABIC.replace("5", "7").replace("أحد", "أي مسؤول")
    CaptureFactory(ref="arab1cc0py", source=source, text=later, rights="licensed", captured_at="2024-08-17T10:00Z")
    article = Statement.objects.get(ref="m9qhcy0t9c").capture
    text = article.text.replace("At no time", "At one time")
    CaptureFactory(ref="v8rcapt0re", source=article.source, text=text, captured_at="2027-01-01T10:00Z")


def open_all(page):
    """Show what a reader can unfold."""
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")


def overflow(page):
    """How far the page reaches beyond the window, and what does."""
    return page.evaluate(
        """() => {
            const width = document.documentElement.clientWidth
            const over = document.documentElement.scrollWidth - width
            const beyond = each => each.getBoundingClientRect().right > width + 1
            const out = [...document.querySelectorAll('main *')].filter(beyond)
            return over > 0 ? [over, ...out.slice(0, 5).map(e => e.outerHTML.slice(0, 150))] : []
        }"""
    )


def headings(page):
    """The ranks of the headings that are shown, in the order of the page."""
    shown = page.locator(":is(h1, h2, h3, h4, h5, h6):visible")
    return shown.evaluate_all("found => found.map(each => Number(each.tagName[1]))")


@pytest.mark.usefixtures("story")
@pytest.mark.parametrize("start", ["", "/ar"], ids=["en", "ar"])
@pytest.mark.parametrize("address", PAGES.values(), ids=PAGES)
def test_page_is_accessible_and_fits(browser_page, address, start):
    """All rules of axe in the light, wide and narrow; those on colours in the dark, since the rest is the same page."""
    found = {}
    browser_page.goto(start + address)
    open_all(browser_page)
    for size in (WIDE, NARROW):
        browser_page.set_viewport_size(size)
        for scheme, rules in (("light", None), ("dark", COLOURS)):
            browser_page.emulate_media(color_scheme=scheme)
            for violation in Axe().run(browser_page, options=rules).response["violations"]:
                where = [node["html"][:200] for node in violation["nodes"]]
                found[scheme, size["width"], violation["id"]] = where
        ranks = headings(browser_page)
        assert (ranks[0], ranks.count(1)) == (1, 1)
        assert [pair for pair in pairwise(ranks) if pair[1] > pair[0] + 1] == []
    if wide := overflow(browser_page):
        found["overflow"] = wide
    assert found == {}


SHIFTS = """() => new Promise(resolve => {
    let moved = 0
    new PerformanceObserver(list => {
        for (const each of list.getEntries()) moved += each.value
    }).observe({type: "layout-shift", buffered: true})
    setTimeout(() => resolve(moved), 60)
})"""


@pytest.mark.usefixtures("story")
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_page_is_light_and_stands_still(browser_page, size):
    """At most 60 kB with styles and scripts, compressed as the server does; nothing moves once it is shown."""
    sent, found = {}, {}

    def weigh(response):
        # Of what was kept from the page before, nothing is sent again: what is weighed is each page's own.
        if response.request.resource_type in {"document", "stylesheet", "script", "font", "image"}:
            sent[response.url] = len(gzip.compress(response.body(), 6))

    browser_page.on("response", weigh)
    browser_page.set_viewport_size(size)
    styles = 0
    for address in PAGES.values():
        sent.clear()
        browser_page.goto(address, wait_until="networkidle")
        styles = max(styles, sum(n for url, n in sent.items() if url.endswith(".css")))
        weight = sum(n for url, n in sent.items() if not url.endswith(".css")) + styles
        moved = browser_page.evaluate(SHIFTS)
        if weight > 60_000 or moved > 0.001:
            found[address] = (weight, moved)
    assert styles > 5_000
    assert found == {}


@pytest.mark.usefixtures("story")
def test_narrow_pages_stay_readable_with_large_letters(browser_page):
    """200 % zoom of a screen of 640 px is one of 320 px with letters of twice the size."""
    browser_page.set_viewport_size({"width": 640, "height": 640})
    for address in PAGES.values():
        browser_page.goto(address)
        browser_page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert overflow(browser_page) == [], address


COMPARED = PAGES["statements compared"]


def values_of(page):
    """Row by row the boxes of its values."""
    rows = page.locator(".beside-row").all()
    return [[value.bounding_box() for value in row.locator("dd").all()] for row in rows]


@pytest.mark.usefixtures("story")
@pytest.mark.parametrize("direction", ["ltr", "rtl"])
@pytest.mark.parametrize("address", [PAIR, "/contradictions/n1wvnzpjer/", "/contradictions/pm1rmj8scp/", COMPARED])
def test_rows_of_all_accounts_line_up(browser_page, address, direction):
    """Whatever stands in a row, its values begin at one height and below the row before; columns do not overlap."""
    browser_page.goto(address)
    browser_page.evaluate("direction => { document.documentElement.dir = direction }", direction)
    rows = values_of(browser_page)
    assert len(rows) >= 10
    ends = 0
    for boxes in rows[1:]:  # Of the first, the names stand on one line.
        assert {round(box["y"]) for box in boxes} == {round(boxes[0]["y"])}
        assert boxes[0]["y"] >= ends
        ends = max(box["y"] + box["height"] for box in boxes)
        for one_, other in pairwise(boxes if direction == "ltr" else boxes[::-1]):
            assert one_["x"] + one_["width"] <= other["x"]
    for column in zip(*rows, strict=True):
        assert len({round(box["x"] if direction == "ltr" else box["x"] + box["width"]) for box in column}) == 1


@pytest.mark.usefixtures("story")
@pytest.mark.parametrize("address", [PAIR, COMPARED])
def test_narrow_rows_stack_and_each_value_names_its_speaker(browser_page, address):
    """Row by row, in the order of the page, so that eye, keyboard and screen reader go the same way."""
    browser_page.set_viewport_size(NARROW)
    browser_page.goto(address)
    boxes = [box for row in values_of(browser_page) for box in row]
    for above, below in pairwise(boxes):
        assert above["y"] + above["height"] <= below["y"]
    names = browser_page.locator(".row-who .beside-name").all_inner_texts()
    for row in browser_page.locator(".beside-row").all()[1:]:
        shown = row.locator(".of")
        assert shown.all_inner_texts() == names
        assert all(each.bounding_box()["height"] > 10 for each in shown.all())


@pytest.mark.usefixtures("story")
def test_wide_pair_shows_each_name_once_above_and_says_it_at_each_value(browser_page):
    browser_page.goto(PAIR)
    assert all(each.bounding_box()["height"] <= 1 for each in browser_page.locator(".beside .of").all())
    assert "Matthew Miller" in browser_page.locator(".row-form").aria_snapshot()


@pytest.mark.usefixtures("story")
def test_keyboard_leads_through_a_comparison_and_on_to_the_next(browser_page):
    """By tab from row to row; j and k are a short cut inside it, and do nothing elsewhere."""
    browser_page.goto(PAIR)
    focused = "document.activeElement.className"
    browser_page.keyboard.press("j")
    assert browser_page.evaluate(focused) == ""
    browser_page.locator(".steps a[href='#accounts']").focus()
    browser_page.keyboard.press("Enter")
    browser_page.keyboard.press("Tab")
    assert browser_page.evaluate(focused) == "beside-row row-who"
    for key, row in (("j", "row-words"), ("j", "row-form"), ("k", "row-words"), ("k", "row-who"), ("k", "row-who")):
        browser_page.keyboard.press(key)
        assert browser_page.evaluate(focused) == f"beside-row {row}"
    browser_page.locator(".steps a[rel=next]").focus()
    browser_page.keyboard.press("Enter")
    browser_page.wait_for_url(lambda address: not address.endswith((PAIR, "#accounts")))
    assert browser_page.locator("h1").inner_text() == "Were the talks about the withdrawal of US forces?"


@pytest.mark.usefixtures("story")
def test_conflicting_words_are_told_without_colour(browser_page):
    browser_page.goto(PAIR)
    style = "e => [getComputedStyle(e).textDecorationLine, getComputedStyle(e).textDecorationStyle]"
    assert browser_page.locator("mark.conflict").last.evaluate(style) == ["underline", "solid"]
    assert "[conflicting words: At no time did we discuss" in browser_page.locator(".row-words").aria_snapshot()


@pytest.mark.usefixtures("story")
def test_keyboard_skips_to_the_content(browser_page):
    browser_page.goto(PAIR)
    browser_page.keyboard.press("Tab")
    skip = browser_page.locator(":focus")
    assert skip.inner_text() == "Skip to the content"
    assert skip.bounding_box()["x"] >= 0
    browser_page.keyboard.press("Enter")
    browser_page.wait_for_url("**#main")
    browser_page.keyboard.press("Tab")
    assert browser_page.locator(":focus").inner_text() == "US–Iraq talks on the coalition’s mission"


@pytest.mark.usefixtures("story")
def test_notes_stand_in_the_margin_beside_their_paragraph_and_below_it_on_a_narrow_screen(browser_page):
    browser_page.goto("/sources/wh0e000000/")
    paragraph, notes = browser_page.locator(".source-row > p").first, browser_page.locator(".voices").first
    beside, note = paragraph.bounding_box(), notes.bounding_box()
    assert note["x"] >= beside["x"] + beside["width"]
    assert abs(note["y"] - beside["y"]) < 2
    following = browser_page.locator(".source-row > p").nth(1).bounding_box()
    assert following["y"] < note["y"] + note["height"], "a long note pushes the text apart"
    browser_page.set_viewport_size(NARROW)
    above, note = paragraph.bounding_box(), notes.bounding_box()
    assert above["y"] + above["height"] <= note["y"]


@pytest.mark.usefixtures("story")
def test_badges_and_changes_are_told_without_colour(browser_page):
    """The line around each sign differs, and so do the lines of what was removed, added and quoted."""
    browser_page.goto("/about/verification/")
    style = "all => all.map(e => (s => [s.borderStyle, s.borderRadius, e.textContent].join())(getComputedStyle(e)))"
    shapes = browser_page.locator(".badges .seal").evaluate_all(style)
    assert len(set(shapes)) == len(shapes) == 5
    browser_page.goto("/sources/wh0e000000/changes/wh0ec0py20/")
    line = "e => getComputedStyle(e).textDecorationLine"
    shown = [browser_page.locator(f".difference {tag}").first.evaluate(line) for tag in ("del", "ins")]
    assert shown == ["line-through", "underline"]
    assert browser_page.locator(".difference del").first.aria_snapshot() == '- deletion: "[removed: halted ]"'
    browser_page.goto("/sources/wh0e000000/")
    style = "e => getComputedStyle(e).textDecorationStyle"
    assert browser_page.locator(".source-row .quoted").first.evaluate(style) == "solid"
    assert browser_page.locator(".source-row mark a").first.evaluate(style) == "dotted"


@pytest.mark.usefixtures("story")
def test_keyboard_reaches_the_marked_passage_and_its_statement(browser_page):
    browser_page.goto("/sources/v8rhmbxqs1/")
    browser_page.locator("#s-m9qhcy0t9c mark a").scroll_into_view_if_needed()
    target = "/statements/m9qhcy0t9c/"
    for _ in range(150):
        browser_page.keyboard.press("Tab")
        focused = browser_page.locator(":focus")
        if focused.get_attribute("href") == target and focused.evaluate("e => e.closest('mark') !== null"):
            break
    assert focused.get_attribute("href") == target
    outline = focused.evaluate("e => [getComputedStyle(e).outlineStyle, getComputedStyle(e).outlineWidth]")
    assert outline == ["solid", "3px"]
    browser_page.keyboard.press("Enter")
    browser_page.wait_for_url(f"**{target}")
    assert browser_page.locator("blockquote").inner_text() == (
        "“At no time did we discuss the withdrawal of American forces from Iraq”"
    )


@pytest.mark.usefixtures("story")
def test_passage_link_leads_to_the_passage(browser_page):
    browser_page.goto(PAIR)
    browser_page.locator(".passage-link").nth(1).click()
    browser_page.wait_for_url("**/sources/v8rhmbxqs1/#s-m9qhcy0t9c")
    browser_page.wait_for_function(
        """() => { const box = document.querySelector(':target').getBoundingClientRect()
                   return box.top >= 0 && box.top < innerHeight }"""
    )


@pytest.mark.usefixtures("story")
def test_everything_works_without_javascript(browser, live_server):
    """On a narrow screen, where filters have to be opened, then on a wide one, where they stand open."""
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False, viewport=NARROW)
    page = context.new_page()
    page.goto("/")
    page.fill("#q", "withdrawal")
    page.click("form[role=search] button")
    assert page.locator(".statements > li").count() == 4
    page.click("summary")
    page.check("input[name=mode][value=direct]")
    page.click("details button")
    words = page.locator(".statements > li .words").all_inner_texts()
    assert [each.split(",")[0] for each in words] == [
        "“At no time did we discuss the withdrawal of American forces from Iraq”",
        "“Tasnim",
    ]
    assert page.locator(".chips li").count() == 2
    page.click(".chips li:last-child a")
    assert page.locator(".statements > li").count() == 4
    page.set_viewport_size(WIDE)
    page.check("input[name=mode][value=direct]")
    page.click("details button")
    assert page.locator(".chips li").count() == 2
    page.goto("/compare/")
    page.click(f"main a[href$='topic={TALKS}']")
    page.check("input[value=matthew-miller]")
    page.check("input[value=official-sources]")
    page.click(".chooser:has(input[name=speaker]) button")
    assert page.locator(".matrix .column-name").all_inner_texts() == ["Matthew Miller", "Official sources"]
    context.close()


def test_arabic_words_run_from_right_to_left(browser_page, transactional_db):
    with transaction.atomic():
        statement = StatementFactory(
            status="published",
            language="ar",
            content="لم نناقش الانسحاب",
            quotes=["لم نناقش الانسحاب"],
            mode="direct",
            capture__source__language="ar",
            capture__source__title="بيان",
        )
        TranslationFactory(statement=statement, language="en", text="We did not discuss the withdrawal", by="editor")
    addresses = [statement, statement.speaker, statement.capture.source]
    for address in ["/statements/", *(record.get_absolute_url() for record in addresses)]:
        for size in (WIDE, NARROW):
            browser_page.set_viewport_size(size)
            browser_page.goto(address)
            words = browser_page.locator(":is(.words, .in-source)[lang=ar]").first
            assert words.get_attribute("dir") == "rtl"
            style = words.evaluate(
                "e => [getComputedStyle(e).direction, getComputedStyle(e.querySelector('p') || e).textAlign]"
            )
            assert style == ["rtl", "start"], address
            assert overflow(browser_page) == []
            assert [v["id"] for v in Axe().run(browser_page).response["violations"]] == []
    browser_page.goto(statement.get_absolute_url())
    assert browser_page.locator("blockquote").inner_text() == "«لم نناقش الانسحاب»"
    rule = browser_page.locator("blockquote").evaluate(
        "e => [getComputedStyle(e).borderRightWidth, getComputedStyle(e).borderLeftWidth]"
    )
    assert rule == ["3px", "0px"]
    assert browser_page.locator(".translation .words").get_attribute("dir") == "ltr"


@pytest.mark.usefixtures("story")
def test_narrow_matrix_names_the_side_at_each_cell(browser_page):
    browser_page.set_viewport_size(NARROW)
    browser_page.goto(f"/topics/{TALKS}/")
    names = (
        browser_page.locator(".matrix tbody")
        .first.locator("td[data-column]")
        .evaluate_all("cells => cells.map(cell => getComputedStyle(cell, '::before').content)")
    )
    assert names == ['"Iraq"', '"United States"', '"Unnamed sources"', '"The outlet itself"']


@pytest.mark.usefixtures("story")
def test_print_leaves_out_what_cannot_be_clicked(browser_page):
    browser_page.goto(PAIR)
    browser_page.emulate_media(media="print")
    assert not browser_page.locator("nav").first.is_visible()
    assert browser_page.locator(".row-words dd").count() == 2
    assert browser_page.locator("mark").first.evaluate("e => getComputedStyle(e).textDecorationLine") == "underline"
