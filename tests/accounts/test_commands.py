"""give_role and demo_users."""

import re

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from claims.models import Event
from tests.conftest import member
from tests.factories import role

pytestmark = pytest.mark.django_db
CAST = {
    "admin": "Administrator",
    "contributor": "Contributor",
    "editor": "Editor",
    "publisher": "Publisher",
    "publisher2": "Publisher",
}


@pytest.fixture(autouse=True)
def roles_exist(db):
    """A test that emptied every table took them too."""
    role("Editor")


def run(capsys, *words):
    call_command(*words)
    return capsys.readouterr().out


def roles(name):
    return sorted(User.objects.get(username=name).groups.values_list("name", flat=True))


def test_give_role_adds_to_what_somebody_has(capsys):
    member("omar", "Editor")
    assert (
        run(capsys, "give_role", "omar", "Publisher", "Auditor") == "omar has the roles: Auditor, Editor, Publisher.\n"
    )
    assert roles("omar") == ["Auditor", "Editor", "Publisher"]
    assert Event.objects.filter(row_table="auth_user_groups", reason="Gave Publisher, Auditor.").count() == 2


def test_give_role_makes_a_superuser_an_ordinary_user(capsys):
    User.objects.create_superuser("boss", password="x")
    assert run(capsys, "give_role", "boss", "Administrator").startswith("boss, a superuser until now, has the roles")
    boss = User.objects.get(username="boss")
    assert (boss.is_superuser, boss.is_staff, roles("boss")) == (False, True, ["Administrator"])


def test_give_role_makes_a_user_with_a_password_shown_once(capsys):
    said = run(capsys, "give_role", "omar", "Editor", "--create")
    password = re.search(r"with password (\S+), which is shown this once", said)[1]
    omar = User.objects.get(username="omar")
    assert (omar.check_password(password), omar.is_staff, roles("omar")) == (True, True, ["Editor"])
    assert len(password) == 20


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["nobody", "Editor"], "There is no user 'nobody'"),
        (["omar", "Chief"], "invalid choice: 'Chief'"),
        (["a b", "Editor", "--create"], "Enter a valid username"),
        (["gone", "Editor"], "'gone' is deactivated"),
    ],
)
def test_give_role_says_what_is_wrong_and_does_nothing(words, complaint):
    member("omar", "Contributor")
    User.objects.create_user("gone", is_active=False)
    with pytest.raises(CommandError, match=complaint):
        call_command("give_role", *words)
    assert not User.objects.exclude(username__in=["omar", "gone"]).filter(is_staff=True).exists()
    assert (roles("omar"), roles("gone")) == (["Contributor"], [])


def test_demo_users_are_made_once(capsys):
    said = run(capsys, "demo_users")
    passwords = dict(re.findall(r"(\S+) +password (\S+)", said))
    assert sorted(passwords) == sorted(CAST)
    for name, password in passwords.items():
        user = User.objects.get(username=name)
        assert (user.check_password(password), user.is_staff, user.is_superuser) == (True, True, False)
        assert roles(name) == [CAST[name]]
    again = run(capsys, "demo_users")
    assert again.startswith("Demo users admin, contributor, editor, publisher and publisher2 exist; a new password: ")
    assert User.objects.get(username="editor").check_password(passwords["editor"])


def test_demo_users_of_before_get_their_role(capsys):
    User.objects.create_superuser("admin", password="kept")
    member("editor", "Editor")
    said = run(capsys, "demo_users")
    assert "admin       was a superuser; the password stays" in said
    assert re.findall(r"(\S+) +password \S{20}", said) == ["contributor", "publisher", "publisher2"]
    admin = User.objects.get(username="admin")
    assert (admin.check_password("kept"), admin.is_superuser, roles("admin")) == (True, False, ["Administrator"])
