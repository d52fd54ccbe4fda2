"""The desk's forms at the width of a small screen: no field is cut off."""

import pytest

from tests.conftest import member
from tests.factories import PositionFactory, TranslationFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CUT_OFF = """() => {
    document.querySelectorAll("details").forEach((part) => { part.open = true; });
    const fields = document.querySelectorAll("#content-main textarea, #content-main input, #content-main .select2");
    return [...fields].filter((field) => {
        const box = field.getBoundingClientRect();
        const column = field.closest("fieldset, .submit-row, form").getBoundingClientRect();
        return box.width && (box.right > column.right + 1 || box.right > document.documentElement.clientWidth);
    }).map((field) => field.id || field.name || field.className);
}"""


@pytest.mark.parametrize("width", [1280, 1000, 700, 375])
def test_no_field_of_a_statement_is_cut_off(browser_page, width):
    member("boss", "Publisher")
    statement = PositionFactory().statement
    TranslationFactory(statement=statement)
    browser_page.set_viewport_size({"width": width, "height": 900})
    browser_page.goto("/admin/")
    browser_page.fill("[name=username]", "boss")
    browser_page.fill("[name=password]", "boss")
    browser_page.press("[name=password]", "Enter")
    browser_page.wait_for_selector("#logout-form")
    for form in (f"{statement.pk}/change/", f"add/?capture={statement.capture_id}"):
        browser_page.goto(f"/admin/claims/statement/{form}")
        assert browser_page.evaluate(CUT_OFF) == []
