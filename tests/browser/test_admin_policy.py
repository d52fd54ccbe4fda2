"""Signing in and the Administrator's rooms under the content security policy: nothing is refused, axe finds nothing."""

from base64 import b32decode

import pytest
from axe_playwright_python.sync_playwright import Axe
from django_otp.oath import totp

from tests.conftest import member

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def refused(browser_page):
    """The addresses that were answered with an error."""
    addresses = []
    browser_page.on("response", lambda answer: addresses.append(answer.url) if answer.status >= 400 else None)
    yield addresses
    assert [url for url in addresses if "favicon" not in url] == []


def sign_in(page):
    page.goto("/admin/")
    page.fill("#id_username", "admin")
    page.fill("#id_password", "admin")
    page.click("[type=submit]")


def test_admin_works_under_the_content_security_policy(browser_page, refused):
    member("admin", "Administrator")
    sign_in(browser_page)
    browser_page.wait_for_url("**/admin/")
    assert browser_page.locator("#logout-form").count() == 1
    browser_page.goto("/admin/auth/user/")
    browser_page.goto("/admin/auth/user/add/")
    assert browser_page.locator("#id_username").is_visible()


def test_first_sign_in_with_a_second_factor(browser_page, refused, settings):
    """Scan, confirm, keep the codes; on a narrow screen."""
    settings.TWO_FACTOR = True
    member("admin", "Administrator")
    browser_page.set_viewport_size({"width": 320, "height": 640})
    sign_in(browser_page)
    browser_page.wait_for_url("**/admin/two-factor/device/")
    picture = browser_page.locator(".qr")
    assert picture.evaluate("image => [image.complete, image.naturalWidth > 100]") == [True, True]
    assert browser_page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert complaints(browser_page) == []
    secret = browser_page.inner_text(".secret").replace(" ", "")
    browser_page.fill("#id_code", f"{totp(b32decode(secret)):06}")
    browser_page.click("text=Use this authenticator")
    assert browser_page.locator(".backup-codes li").count() == 10
    assert complaints(browser_page) == []
    browser_page.click("text=I have kept them")
    browser_page.wait_for_url("**/admin/")
    browser_page.goto("/admin/two-factor/")
    assert complaints(browser_page) == []


def complaints(page):
    """What axe finds in the part that is ours; the frame around it is Django's."""
    found = Axe().run(page, context="#content-main").response["violations"]
    return [(rule["id"], [node["target"] for node in rule["nodes"]]) for rule in found]
