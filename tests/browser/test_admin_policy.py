import pytest
from django.contrib.auth import get_user_model

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_admin_works_under_the_content_security_policy(browser_page):
    get_user_model().objects.create_superuser("admin", password="correct horse battery")
    refused = []
    browser_page.on("response", lambda answer: refused.append(answer.url) if answer.status >= 400 else None)
    browser_page.goto("/admin/")
    browser_page.fill("#id_username", "admin")
    browser_page.fill("#id_password", "correct horse battery")
    browser_page.click("[type=submit]")
    browser_page.wait_for_url("**/admin/")
    assert browser_page.locator("#logout-form").count() == 1
    browser_page.goto("/admin/auth/user/")
    browser_page.goto("/admin/auth/user/add/")
    assert browser_page.locator("#id_username").is_visible()
    assert [url for url in refused if "favicon" not in url] == []
