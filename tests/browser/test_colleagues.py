"""Two editors with one statement open: the second to save compares, chooses by keyboard, and saves once more."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import transaction

from claims.models import Position, Statement, Translation
from tests.factories import PositionFactory, TranslationFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ENTER = "[name=_continue]"


def opened(browser, live_server, user, path, **options):
    """The form in a browser of this user's own, every part of it unfolded."""
    context = browser.new_context(base_url=live_server.url, locale="en", **options)
    context.set_default_timeout(15_000)
    page = context.new_page()
    page.goto("/admin/")
    page.fill("[name=username]", user.username)
    page.fill("[name=password]", user.username)
    page.press("[name=password]", "Enter")
    page.wait_for_selector("#logout-form")
    page.goto(path)
    page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")
    return page


def reach(page, target):
    """Press Tab until the field has the focus, as somebody without a mouse does."""
    for _ in range(200):
        if page.evaluate("selector => document.activeElement?.matches(selector)", target):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never reaches {target}")


def save(page, **typed):
    for name, words in typed.items():
        page.fill(f"[name={name.replace('__', '-')}]", words)
    page.click(ENTER)
    page.wait_for_load_state()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no_script"])
def test_whoever_saves_second_compares_and_chooses(browser, live_server, editor, second_publisher, script):
    second_publisher.groups.set(editor.groups.all())
    with transaction.atomic():
        statement = PositionFactory(gist="before").statement
        TranslationFactory(statement=statement, language="ar", text="قال إن المحادثات مستمرة")
    path = f"/admin/claims/statement/{statement.pk}/change/"
    quick = opened(browser, live_server, second_publisher, path)
    slow = opened(
        browser, live_server, editor, path, viewport={"width": 320, "height": 800}, java_script_enabled=script
    )
    save(quick, positions__0__gist="theirs", translations__0__text="قال إن المحادثات توقفت", role_text="the minister")
    save(slow, positions__0__gist="mine", translations__0__text="قال إن المحادثات لم تتوقف")

    panel = slow.locator(".desk-conflict")
    assert f"Last saved by {second_publisher.username}" in panel.inner_text()
    told = panel.locator(".desk-conflict-row > h3").all_inner_texts()
    assert [words.removeprefix("◆ ") for words in told] == ["Role text", "Position 1: Gist", "Translation 1: Text"]
    third = panel.locator(".desk-conflict-row").nth(2)
    assert third.locator("ins").all_inner_texts()[-1].count("لم تتوقف") == 1
    assert (Position.objects.get().gist, Statement.objects.get().role_text) == ("theirs", "the minister")
    if script:
        assert slow.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        found = Axe().run(slow, context=".desk-conflict")
        assert found.response["violations"] == [], found.generate_report()

    choice = "take-translations-0-text"
    reach(slow, f"[name={choice}]")
    slow.keyboard.press("ArrowDown")
    assert slow.locator(f"[name={choice}][value=theirs]").is_checked()
    reach(slow, ENTER)
    slow.keyboard.press("Enter")
    slow.wait_for_url(re.compile(r"/change/$"))
    slow.wait_for_selector(".messagelist .success")
    assert slow.locator(".desk-conflict").count() == 0
    assert (Position.objects.get().gist, Translation.objects.get().text) == ("mine", "قال إن المحادثات توقفت")
    for page in (quick, slow):
        page.context.close()
