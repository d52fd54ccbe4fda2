"""An editor files a whole pair in the admin, by keyboard, and reads it on its public page."""

import re

import pytest
from django.contrib.auth.models import User

from claims.choices import Status
from claims.models import Contradiction, Statement, Topic
from claims.services import publish
from sources.models import Capture
from tests.conftest import member

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TEXT = (
    "The minister said the talks were halted.\n\n"
    "The spokesman denied that the talks were halted. وقال إن المحادثات مستمرة."
)


@pytest.fixture
def page(browser_page):
    """The page of an editor who has just signed in."""
    member("editor", "Editor")
    browser_page.goto("/admin/")
    browser_page.keyboard.type("editor")
    browser_page.keyboard.press("Tab")
    browser_page.keyboard.type("editor")
    browser_page.keyboard.press("Enter")
    browser_page.wait_for_selector("#logout-form")
    return browser_page


def reach(page, target):
    """Press Tab until the field has the focus, as somebody without a mouse does."""
    for _ in range(150):
        if page.evaluate(
            "selector => { const field = document.querySelector(selector); const box = field?.nextElementSibling;"
            " return box?.classList.contains('select2') ? box.contains(document.activeElement)"
            " : field === document.activeElement; }",
            target,
        ):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never reaches {target}")


def write(page, target, words):
    reach(page, target)
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text(words)


def choose(page, target, words):
    """Open an autocomplete, type, take the first answer."""
    page.wait_for_selector(f"{target} + .select2")
    reach(page, target)
    page.keyboard.press("Enter")
    page.wait_for_selector(".select2-container--open .select2-search__field")
    page.keyboard.type(words)
    page.wait_for_selector(f".select2-results__option--highlighted:has-text('{words}')")
    page.keyboard.press("Enter")
    page.wait_for_selector(".select2-container--open", state="detached")


def press(page, target, landing):
    reach(page, target)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(landing))
    page.wait_for_load_state()
    problems = page.locator(".errornote, .errorlist").all_inner_texts()
    assert problems == []


def approve(record):
    """What a publisher does meanwhile, at another desk."""
    publisher = User.objects.filter(username="publisher").first() or member("publisher", "Publisher")
    publish(record, by=publisher, seen=record.version)


def test_an_editor_files_a_pair_by_keyboard(page):
    page.goto("/admin/sources/outlet/add/")
    write(page, "#id_name", "Asharq Al-Awsat")
    press(page, "[name=_save]", r"/outlet/$")

    page.goto("/admin/sources/source/add/")
    write(page, "#id_title", "Talks halted")
    write(page, "#id_locator", "Print edition, page 3")
    choose(page, "#id_outlet", "Asharq")
    write(page, "#id_published", "2024-08-15")
    write(page, "#id_captures-0-text", TEXT)
    press(page, "[name=_save]", r"/source/$")
    assert Capture.objects.get().text == TEXT

    for name in ("The minister", "The spokesman"):
        page.goto("/admin/claims/speaker/add/")
        write(page, "#id_name", name)
        press(page, "[name=_save]", r"/speaker/$")

    page.goto("/admin/claims/topic/add/")
    write(page, "#id_title", "Talks")
    press(page, "[name=_continue]", r"/topic/\d+/change/")

    page.goto("/admin/claims/question/add/")
    choose(page, "#id_topic", "Talks")
    write(page, "#id_text", "Were the talks halted?")
    press(page, "[name=_save]", r"/question/$")
    approve(Topic.objects.get())

    for name, words, stance in (
        ("The minister", "said the talks were halted", "Yes"),
        ("The spokesman", "that the talks were halted", "No"),
    ):
        page.goto("/admin/claims/statement/add/")
        choose(page, "#id_capture", "Talks halted")
        page.wait_for_selector(".desk-captured .desk-text:has-text('The minister said')")
        choose(page, "#id_speaker", name)
        write(page, "#id_content", words)
        choose(page, "#id_question", "Were the talks")
        reach(page, "#id_stance")
        page.keyboard.type(stance)
        press(page, "[name=_save]", r"/statement/\d+/change/")
        assert "Proposed: " in page.locator(".messagelist").inner_text()
        page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
        reach(page, "#id_undated")
        page.keyboard.press("Space")
        reach(page, "[name=_step][value=submit]")
        page.keyboard.press("Enter")
        page.wait_for_selector(".messagelist:has-text('Handed to a second reader')")
        approve(Statement.objects.latest("pk"))
    first, second = Statement.objects.order_by("pk")
    assert [first.status, second.status] == [Status.PUBLISHED, Status.PUBLISHED]
    assert (second.cue, second.polarity) == ("denied", "deny")

    page.goto("/admin/claims/contradiction/add/")
    choose(page, "#id_question", "Were the talks")
    choose(page, "#id_first", "The minister")
    choose(page, "#id_second", "The spokesman")
    for side, words in (("first", "said the talks were halted"), ("second", "that the talks were halted")):
        page.wait_for_selector(f".desk-account-words[data-side={side}] blockquote:has-text('{words}')")
    write(page, "#id_first_words", "the talks were halted")
    write(page, "#id_second_words", "that the talks were halted")
    reach(page, "#id_pattern")
    page.keyboard.type("Denial")
    write(page, "#id_explanation", "One says that they were halted, the other denies it.")
    press(page, "[name=_save]", r"/contradiction/\d+/change/")
    reach(page, "[name=_step][value=submit]")
    page.keyboard.press("Enter")
    page.wait_for_selector(".messagelist:has-text('Handed to a second reader')")
    approve(Contradiction.objects.get())
    page.reload()

    pair = Contradiction.objects.get()
    assert (pair.status, pair.same_event, pair.pattern) == (Status.PUBLISHED, "unclear", "denial")
    press(page, ".viewsitelink", rf"/contradictions/{pair.ref}/$")
    marked = page.locator(".row-words mark").all_inner_texts()
    assert "the talks were halted" in marked[0]
    assert "that the talks were halted" in marked[1]
