"""A reader tells us of a mistake by the keyboard alone, on a narrow screen, and gets no cookie."""

import time

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from claims.forms import reports as form
from claims.models import Report
from tests.factories import StatementFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_report_by_keyboard_on_a_narrow_screen(browser_page):
    statement = StatementFactory(status="published")
    page = browser_page
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto(statement.get_absolute_url())
    page.get_by_role("link", name="Something wrong?").press("Enter")
    opened = time.monotonic()
    expect(page.get_by_role("heading", level=1)).to_have_text("Something wrong?")
    page.get_by_label("The words are wrong").focus()
    for key in ("ArrowDown", "ArrowDown", "Tab"):
        page.keyboard.press(key)
    page.keyboard.type("قال المتحدث غير ذلك")
    page.keyboard.press("Tab")
    page.keyboard.type("nobody")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Enter a valid email address.")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert Axe().run(page).response["violations"] == []
    page.get_by_label("Your e-mail address").fill("reader@example.org")
    page.wait_for_timeout(max(0.0, form.QUICKEST.total_seconds() + 1 - (time.monotonic() - opened)) * 1000)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Received")
    assert Axe().run(page).response["violations"] == []
    assert page.context.cookies() == []
    report = Report.objects.get()
    assert (report.kind, report.message, report.email) == ("date", "قال المتحدث غير ذلك", "reader@example.org")
    assert page.url.endswith(report.get_absolute_url())
