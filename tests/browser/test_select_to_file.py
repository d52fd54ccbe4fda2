"""An editor selects words in a captured text, by mouse or by keyboard alone, and readers see where they stand."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from claims import services
from claims.models import Anchor, Statement
from tests.conftest import member
from tests.factories import CaptureFactory, SpeakerFactory, StatementFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TEXT = (
    "🎉 Officials spoke. The spokesman said: “We will go on,” and denied that the talks were halted.\n\n"
    "وقال الوزير إن «المُحادثات مستمرة» رغم الهجوم 👨‍👩‍👧 الأخير."
)


@pytest.fixture
def page(browser_page):
    """The page of an editor who has just signed in; every refused file and every complaint of the policy counts."""
    member("editor", "Editor")
    browser_page.goto("/admin/")
    browser_page.fill("[name=username]", "editor")
    browser_page.fill("[name=password]", "editor")
    browser_page.press("[name=password]", "Enter")
    browser_page.wait_for_selector("#logout-form")
    complaints = []
    browser_page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
    yield browser_page
    assert complaints == []


@pytest.fixture
def capture():
    return CaptureFactory(text=TEXT, source__language="en")


def point(page, words, end):
    """A point of the window at the beginning or the end of words in the text."""
    return page.evaluate(
        """([words, end]) => {
            const walker = document.createTreeWalker(document.querySelector(".desk-text"), NodeFilter.SHOW_TEXT)
            while (walker.nextNode()) {
                const at = walker.currentNode.data.indexOf(words)
                if (at >= 0) {
                    const range = document.createRange()
                    range.setStart(walker.currentNode, at + (end ? words.length - 1 : 0))
                    range.setEnd(walker.currentNode, at + (end ? words.length : 1))
                    const box = range.getBoundingClientRect()
                    return [end ? box.right - 2 : box.left + 2, box.top + box.height / 2]
                }
            }
        }""",
        [words, end],
    )


def drag(page, first, last, words):
    """Drag from the beginning of some characters to the end of others; these words are selected then."""
    page.mouse.move(*point(page, first, False))
    page.mouse.down()
    page.mouse.move(*point(page, last, True), steps=4)
    page.mouse.up()
    page.wait_for_selector(f".desk-now q:text-is('{words}')")


def selected(page):
    return page.locator(".desk-now q").inner_text()


def chosen(page):
    rows = page.locator(".desk-chosen li")
    return dict(zip(rows.locator("strong").all_inner_texts(), rows.locator("q").all_inner_texts(), strict=True))


def found(statement):
    anchors = statement.anchors.order_by("part", "order")
    assert [anchor.exact for anchor in anchors] == [TEXT[anchor.start : anchor.end] for anchor in anchors]
    return {anchor.part: anchor.exact for anchor in anchors}


def publish(page):
    page.wait_for_url(re.compile(r"/statement/\d+/change/$"))
    assert page.locator(".errornote, .errorlist").all_inner_texts() == []
    page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
    page.locator("#id_undated").focus()
    page.keyboard.press("Space")
    page.locator("[name=_step][value=submit]").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".messagelist:has-text('Handed to a second reader')")
    statement = Statement.objects.get(status="in_review")
    services.publish(statement, by=member("publisher", "Publisher"), seen=statement.version)
    page.goto(statement.get_absolute_url())
    return statement


def test_words_selected_with_the_mouse_are_filed_and_shown_where_they_stand(page, capture):
    SpeakerFactory(name="The spokesman")
    StatementFactory(capture=capture, content="Officials spoke")
    page.goto(f"/admin/sources/capture/{capture.pk}/change/")
    assert page.locator(".desk-text").evaluate("region => region.textContent") == TEXT
    assert page.locator(".desk-paste").is_hidden()
    drag(page, "We will", "halted", "We will go on,” and denied that the talks were halted")
    page.get_by_role("button", name="1 Words").click()
    drag(page, "ill g", "go o", "will go on")
    drag(page, "We will", "go on", "We will go on")
    page.get_by_role("button", name="2 Quoted words").click()
    drag(page, "denied", "denied", "denied")
    page.get_by_role("button", name="3 Cue").click()
    drag(page, "spokes", "spokesman", "spokesman")
    page.get_by_role("button", name="4 Attributed as").click()
    page.wait_for_selector(".desk-chosen q:text('“We will go on,” and denied that the talks were halted')")
    assert chosen(page) == {
        "Words": "“We will go on,” and denied that the talks were halted",
        "Quoted words": "We will go on",
        "Cue": "denied",
        "Attributed as": "spokesman",
    }
    assert Axe().run(page).response["violations"] == []
    page.reload()
    assert set(chosen(page)) == {"Words", "Quoted words", "Cue", "Attributed as"}
    page.get_by_role("button", name="Remove Attributed as").click()
    drag(page, "The spokes", "spokesman", "The spokesman")
    page.get_by_role("button", name="4 Attributed as").click()
    page.get_by_role("button", name="Continue with a new statement").click()
    page.wait_for_selector("#id_speaker + .select2")
    assert page.locator("#id_quoted").input_value() == "We will go on"
    assert Axe().run(page).response["violations"] == []
    page.locator("#id_speaker + .select2").click()
    page.keyboard.type("The spokesman")
    page.wait_for_selector(".select2-results__option--highlighted:has-text('The spokesman')")
    page.keyboard.press("Enter")
    page.locator("[name=_save]").click()
    statement = publish(page)
    assert found(statement) == {
        "content": "“We will go on,” and denied that the talks were halted",
        "quote": "We will go on",
        "cue": "denied",
        "speaker": "The spokesman",
    }
    assert "verified" in page.locator("main .badge-exact").first.inner_text()


def test_words_are_selected_and_filed_by_keyboard_alone(page, capture):
    """Arabic is read from the right: the left arrow goes on to the next word."""
    SpeakerFactory(name="The minister")
    page.goto(f"/admin/sources/capture/{capture.pk}/change/")
    touched = page.evaluate_handle(
        """() => {
            const seen = []
            for (const kind of ["mousedown", "pointerdown", "touchstart"]) {
                addEventListener(kind, () => seen.push(kind), true)
            }
            return seen
        }"""
    )
    press = page.keyboard.press
    for _ in range(60):
        if page.evaluate("document.activeElement.matches('.desk-text')"):
            break
        press("Tab")
    assert selected(page) == "🎉"
    press("ArrowRight")
    assert selected(page) == "Officials"
    press("End")
    assert selected(page) == "halted"
    press("ArrowRight")
    assert selected(page) == "وقال"
    press("ArrowLeft")
    press("Digit4")
    for _ in range(2):
        press("ArrowLeft")
    press("Shift+ArrowLeft")
    assert selected(page) == "المُحادثات مستمرة"
    press("Digit2")
    press("Shift+End")
    assert selected(page) == "المُحادثات مستمرة» رغم الهجوم 👨‍👩‍👧 الأخير"
    press("Digit1")
    press("Control+Home")
    press("Escape")
    assert page.locator(".desk-now").inner_text() == "Nothing is selected in the text."
    for _ in range(60):
        if page.evaluate("document.activeElement.matches('.desk-go .default')"):
            break
        press("Tab")
    page.wait_for_selector(".desk-chosen q:text('«المُحادثات')")
    assert touched.json_value() == []
    press("Enter")
    page.wait_for_selector("#id_speaker + .select2")
    assert page.locator("#id_quoted").input_value() == "المُحادثات مستمرة"
    # The same tool beside the form: one more part goes straight into its field.
    page.locator(".desk-text").focus()
    press("Control+End")
    press("Home")
    assert selected(page) == "وقال"
    press("Digit3")
    page.wait_for_function("document.querySelector('#id_cue').value === 'وقال'")
    assert "Cue: “وقال”" in page.locator(".desk-told").inner_text()
    page.locator("#id_cue_class").select_option("report")
    page.locator("#id_speaker + .select2 .select2-selection").focus()
    press("Enter")
    page.wait_for_selector(".select2-container--open .select2-search__field")
    page.keyboard.type("The minister")
    page.wait_for_selector(".select2-results__option--highlighted:has-text('The minister')")
    press("Enter")
    page.locator("[name=_save]").focus()
    press("Enter")
    statement = publish(page)
    assert found(statement) == {
        "content": "«المُحادثات مستمرة» رغم الهجوم 👨‍👩‍👧 الأخير",
        "quote": "المُحادثات مستمرة",
        "cue": "وقال",
        "speaker": "الوزير",
    }
    assert Anchor.objects.get(part="cue").start == TEXT.index("وقال")
    assert "verified" in page.locator("main .badge-exact").first.inner_text()
