"""The Administrator's rooms: people and roles."""

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice

from claims.models import Event
from tests import factories
from tests.accounts.signing import PASSWORD, said, texts, with_device
from tests.conftest import member

pytestmark = pytest.mark.django_db
NEW = {
    "username": "omar",
    "first_name": "Omar",
    "last_name": "",
    "email": "",
    "password1": PASSWORD,
    "password2": PASSWORD,
    "is_staff": "on",
}


def role(name):
    return factories.role(name).pk


def form_of(user, **changes):
    """The change form as the browser sends it."""
    values = {
        "username": user.username,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "email": user.email,
        "is_active": "on" if user.is_active else None,
        "is_staff": "on" if user.is_staff else None,
        "groups": list(user.groups.values_list("pk", flat=True)),
        **changes,
    }
    return {name: value for name, value in values.items() if value is not None}


def told(record, **values):
    """The events of somebody's account: table, action, actor."""
    events = Event.objects.filter(record="user", record_id=record.pk, **values).order_by("id")
    return list(events.values_list("row_table", "action", "actor_id"))


def test_an_administrator_adds_somebody_with_a_role(signed_in, administrator):
    answer = signed_in(administrator).post("/admin/auth/user/add/", NEW | {"groups": [role("Editor")]})
    omar = User.objects.get(username="omar")
    assert answer["Location"] == f"/admin/auth/user/{omar.pk}/change/"
    assert (omar.is_staff, omar.is_superuser, omar.check_password(PASSWORD)) == (True, False, True)
    assert [group.name for group in omar.groups.all()] == ["Editor"]
    assert told(omar) == [
        ("auth_user", "insert", administrator.pk),
        ("auth_user_groups", "insert", administrator.pk),
    ]


def test_an_administrator_changes_roles_and_deactivates(signed_in, administrator, editor):
    client = signed_in(administrator)
    address = f"/admin/auth/user/{editor.pk}/change/"
    assert client.post(address, form_of(editor, groups=[role("Publisher")])).status_code == 302
    assert [group.name for group in editor.groups.all()] == ["Publisher"]
    assert client.post(address, form_of(editor, is_active=None)).status_code == 302
    editor.refresh_from_db()
    assert not editor.is_active
    assert told(editor, actor=administrator) == [
        ("auth_user_groups", "delete", administrator.pk),
        ("auth_user_groups", "insert", administrator.pk),
        ("auth_user", "update", administrator.pk),
    ]


def test_the_form_has_no_way_to_rights_beside_roles(signed_in, administrator, editor):
    client = signed_in(administrator)
    address = f"/admin/auth/user/{editor.pk}/change/"
    page = client.get(address).content.decode()
    assert 'name="is_superuser"' not in page
    assert 'name="user_permissions"' not in page
    client.post(address, form_of(editor, is_superuser="on", user_permissions=["1"]))
    editor.refresh_from_db()
    assert not editor.is_superuser
    assert not editor.user_permissions.exists()


def test_nobody_changes_the_own_roles(signed_in, administrator):
    client = signed_in(administrator)
    address = f"/admin/auth/user/{administrator.pk}/change/"
    page = client.get(address)
    assert "nobody changes the own roles" in said(page)
    for name in ("groups", "is_staff", "is_active"):
        assert f'name="{name}"' not in page.content.decode()
    sent = form_of(administrator, first_name="Amal", groups=[role("Publisher")], is_staff=None, is_active=None)
    assert client.post(address, sent).status_code == 302
    administrator.refresh_from_db()
    assert (administrator.first_name, administrator.is_staff, administrator.is_active) == ("Amal", True, True)
    assert [group.name for group in administrator.groups.all()] == ["Administrator"]


def test_nobody_is_deleted(signed_in, administrator, editor):
    client = signed_in(administrator)
    assert client.get(f"/admin/auth/user/{editor.pk}/delete/").status_code == 403
    assert client.post(f"/admin/auth/user/{editor.pk}/delete/", {"post": "yes"}).status_code == 403
    sent = {"action": "delete_selected", "_selected_action": [editor.pk], "post": "yes"}
    client.post("/admin/auth/user/", sent)
    assert User.objects.filter(pk=editor.pk).exists()


def test_roles_are_looked_at_and_not_changed(signed_in, administrator):
    client = signed_in(administrator)
    publisher = role("Publisher")
    page = client.get(f"/admin/auth/group/{publisher}/change/")
    assert "Can approve what somebody else edited, and publish it" in said(page)
    assert client.post(f"/admin/auth/group/{publisher}/change/", {"name": "Chief"}).status_code == 403
    assert client.get("/admin/auth/group/add/").status_code == 403
    assert client.post(f"/admin/auth/group/{publisher}/delete/", {"post": "yes"}).status_code == 403
    assert Group.objects.filter(name="Publisher").exists()


def test_only_administrators_enter(signed_in, editor, publisher, auditor):
    for user in (editor, publisher, auditor):
        client = signed_in(user)
        for address in ("user/", "group/", f"user/{user.pk}/change/", f"user/{editor.pk}/two-factor/"):
            assert client.get(f"/admin/auth/{address}").status_code == 403
        assert client.post(f"/admin/auth/user/{editor.pk}/two-factor/").status_code == 403


def test_an_administrator_sees_no_room_of_records(signed_in, administrator):
    page = signed_in(administrator).get("/admin/")
    assert texts(page, ".//th[@scope='row']") == ["Groups", "Users"]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_many(signed_in, administrator, django_assert_num_queries, count):
    for number in range(count):
        with_device(f"person{number}").groups.add(role("Editor"))
    client = signed_in(administrator)
    client.get("/admin/auth/user/")
    with django_assert_num_queries(10):
        page = client.get("/admin/auth/user/")
    assert said(page).count("Editor") >= count


def test_a_password_set_by_an_administrator_is_on_record(signed_in, administrator, editor):
    sent = {"usable_password": "true", "password1": PASSWORD, "password2": PASSWORD, "set-password": "1"}
    signed_in(administrator).post(f"/admin/auth/user/{editor.pk}/password/", sent)
    editor.refresh_from_db()
    assert editor.check_password(PASSWORD)
    event = Event.objects.get(record="user", record_id=editor.pk, actor=administrator)
    assert event.after == {"password": "(secret)"}


# Somebody's second factor.


def test_an_administrator_resets_somebodys_second_factor(signed_in, administrator):
    nadia = with_device()
    client = signed_in(administrator)
    page = client.get(f"/admin/auth/user/{nadia.pk}/change/")
    assert f"/admin/auth/user/{nadia.pk}/two-factor/" in page.content.decode()
    assert nadia.totpdevice_set.get().key not in page.content.decode()
    asked = client.get(f"/admin/auth/user/{nadia.pk}/two-factor/")
    assert "Reset the second factor of nadia?" in said(asked)
    assert nadia.totpdevice_set.exists()
    client.post(f"/admin/auth/user/{nadia.pk}/two-factor/")
    assert not nadia.totpdevice_set.exists()
    assert not nadia.staticdevice_set.exists()
    assert told(nadia, reason="Reset the second factor.") == [
        ("otp_totp_totpdevice", "delete", administrator.pk),
        ("otp_static_staticdevice", "delete", administrator.pk),
    ]


def test_a_reset_shuts_the_desk_until_a_new_device_is_set_up(signed_in, settings):
    settings.TWO_FACTOR = True
    nadia = with_device()
    client = Client()
    client.post("/admin/login/", {"username": "nadia", "password": PASSWORD, "code": "abcdefgh"})
    assert client.get("/admin/").status_code == 200
    boss = with_device("boss")
    boss.groups.add(role("Administrator"))
    other = Client()
    other.post("/admin/login/", {"username": "boss", "password": PASSWORD, "code": "abcdefgh"})
    other.post(f"/admin/auth/user/{nadia.pk}/two-factor/")
    assert client.get("/admin/").status_code == 302
    answer = client.post("/admin/login/", {"username": "nadia", "password": PASSWORD})
    assert answer["Location"] == "/admin/two-factor/device/"


def test_the_own_second_factor_is_replaced_with_a_code_only(signed_in):
    boss = member("boss", "Administrator")
    TOTPDevice.objects.create(user=boss, name="Authenticator", confirmed=True)
    answer = signed_in(boss).post(f"/admin/auth/user/{boss.pk}/two-factor/")
    assert answer["Location"] == "/admin/two-factor/"
    assert boss.totpdevice_set.exists()


def test_rooms_of_secrets_are_shut():
    from django.contrib import admin

    assert [model.__name__ for model in admin.site._registry if model._meta.app_label.startswith("otp_")] == []
