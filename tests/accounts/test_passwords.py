"""What a password must be, where a person sets the own one."""

import pytest

from tests.accounts.signing import PASSWORD, person, said

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("password", "complaint"),
    [
        ("elevenchars", "This password is too short. It must contain at least 12 characters."),
        ("qwerty123456", "This password is too common."),
        ("830471295512", "This password is entirely numeric."),
        ("nadia-al-karim", "The password is too similar to the username."),
        ("twelve chars", ""),
    ],
)
def test_a_weak_password_is_refused_with_its_reason(signed_in, password, complaint):
    client = signed_in(person("nadia-al-karimi"))
    form = {"old_password": PASSWORD, "new_password1": password, "new_password2": password}
    answer = client.post("/admin/password_change/", form)
    assert answer.status_code == (200 if complaint else 302)
    if complaint:
        assert complaint in said(answer)
