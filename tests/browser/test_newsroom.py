"""The life of a statement through four pairs of hands: filed, completed, approved, read, corrected, read again."""

import re

import pytest

from claims.models import Statement
from tests.conftest import member
from tests.factories import CaptureFactory, QuestionFactory, SpeakerFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TEXT = "The spokesman rejected that the talks were halted on Thursday. Nobody else was there."


@pytest.fixture
def people(db):
    return {name: member(name, role) for name, role in ROLES.items()}


OPEN = "document.querySelectorAll('details').forEach(part => part.open = true)"
ROLES = {"rana": "Contributor", "eva": "Editor", "paul": "Publisher"}


@pytest.fixture
def desk(browser, live_server, people):
    """A browser of its own for each: `desk("eva")` has signed in by the form."""
    contexts = []

    def sign_in(name):
        context = browser.new_context(base_url=live_server.url, viewport={"width": 1280, "height": 900}, locale="en")
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.goto("/admin/")
        page.fill("#id_username", name)
        page.fill("#id_password", name)
        page.keyboard.press("Enter")
        page.wait_for_selector("#logout-form")
        return page

    yield sign_in
    for context in contexts:
        context.close()


def choose(page, target, words):
    """Take the first answer of an autocomplete."""
    page.click(f"{target} + .select2")
    page.keyboard.type(words)
    page.click(f".select2-results__option--highlighted:has-text('{words}')")


def saved(page, landing):
    page.wait_for_url(re.compile(landing))
    assert page.locator(".errornote, .errorlist").all_inner_texts() == []


def test_from_a_draft_to_a_correction_that_readers_see(desk, browser_page):
    capture = CaptureFactory(text=TEXT, source__title="Talks halted", rights="public_domain")
    SpeakerFactory(name="The spokesman", slug="the-spokesman")
    QuestionFactory(topic__title="Talks", text="Were the talks halted?")

    contributor = desk("rana")
    contributor.goto(f"/admin/claims/statement/add/?capture={capture.pk}")
    choose(contributor, "#id_speaker", "The spokesman")
    contributor.fill("#id_content", "rejected that the talks were halted")
    contributor.click("[name=_save]")
    saved(contributor, r"/statement/\d+/change/")
    form = contributor.url
    assert contributor.locator("[name=_step][value=publish]").count() == 0
    contributor.click("[name=_step][value=submit]")
    saved(contributor, r"/change/")

    publisher = desk("paul")
    publisher.goto(f"/admin/claims/statement/{Statement.objects.get().pk}/step/publish/")
    # What is missing is listed at once, with a link to its place in the form.
    links = publisher.locator("a[href*='#id_']").all()
    assert "#id_said" in " ".join(link.get_attribute("href") for link in links)

    editor = desk("eva")
    editor.goto(form)
    editor.evaluate(OPEN)
    editor.check("#id_undated")
    editor.click("[name=_save]")
    saved(editor, r"/statement/$|/change/")

    publisher.reload()
    publisher.click("text=Approve and publish")
    saved(publisher, r"/statement/\d+/change/")
    statement = Statement.objects.get()
    assert (statement.status, statement.last_edited_by.username, statement.approved_by.username) == (
        "published",
        "eva",
        "paul",
    )

    reader = browser_page
    reader.goto(statement.get_absolute_url())
    assert "rejected that the talks were halted" in reader.locator("main").inner_text()
    assert "Corrected" not in reader.locator("main").inner_text()

    editor.goto(form)
    editor.evaluate(OPEN)
    editor.fill("#id_role_text", "foreign ministry spokesman")
    editor.select_option("#id_correction_kind", "correction")
    editor.fill("#id_correction_reason", "The source gives the role a line further down.")
    editor.click("[name=_save]")
    saved(editor, r"/change/")
    reader.reload()
    assert "foreign ministry spokesman" not in reader.locator("main").inner_text()

    publisher.goto(f"/admin/claims/correction/{statement.corrections.get().pk}/change/")
    publisher.click("[name=decision][value=approve]")
    publisher.wait_for_load_state()
    assert statement.corrections.get().state == "applied"

    reader.reload()
    text = reader.locator("main").inner_text()
    assert "foreign ministry spokesman" in text
    assert "The source gives the role a line further down." in text
    assert reader.locator("ins").filter(has_text="foreign ministry spokesman").count() >= 1
    reader.goto("/corrections/")
    assert "The source gives the role a line further down." in reader.locator("main").inner_text()
