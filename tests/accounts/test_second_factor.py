"""Password and code: the first sign-in, every later one, and the pages of one's own second factor."""

import logging

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from claims.models import Event
from config import second_factor
from tests.accounts.signing import PASSWORD, person, said, shown_by, sign_in, texts, with_device

pytestmark = pytest.mark.django_db
DEVICE = "/admin/two-factor/device/"


@pytest.fixture(autouse=True)
def _two_factor(settings):
    settings.TWO_FACTOR = True


def session_of(client):
    return client.cookies["session"].value


def enrolled(client, user):
    """The answer to the first code: the page with the backup codes."""
    sign_in(client, user.username)
    return client.post(DEVICE, {"code": shown_by(TOTPDevice.objects.get(user=user))})


def codes_on(page):
    return texts(page, ".//ul[@class='backup-codes']/li")


def test_the_first_sign_in_leads_to_a_device_and_nowhere_else():
    user, client = person(), Client()
    assert sign_in(client)["Location"] == DEVICE
    assert client.get("/admin/")["Location"] == "/admin/login/?next=/admin/"
    assert client.get("/admin/two-factor/").status_code == 302
    assert "_auth_user_id" not in client.session
    page = client.get(DEVICE)
    device = TOTPDevice.objects.get(user=user)
    assert second_factor.secret_of(device) in said(page)
    assert page["Cache-Control"] == "no-store"
    picture = client.get(DEVICE + "picture/")
    assert (picture["Content-Type"], picture["Cache-Control"]) == ("image/png", "no-store")
    assert picture.content.startswith(b"\x89PNG")


def test_a_right_code_ends_the_enrolment_with_ten_backup_codes_shown_once():
    user, client = person(), Client()
    sign_in(client)
    before = session_of(client)
    page = client.post(DEVICE, {"code": shown_by(TOTPDevice.objects.get(user=user))})
    codes = codes_on(page)
    assert (len(codes), len(set(codes))) == (10, 10)
    assert [len(code) for code in codes] == [9] * 10
    assert session_of(client) != before
    assert not client.session.exists(before)
    assert client.get("/admin/").status_code == 200
    for address in (DEVICE, DEVICE + "picture/", "/admin/two-factor/"):
        later = client.get(address).content.decode()
        assert [code for code in codes if code in later] == []
    assert client.get(DEVICE)["Location"] == "/admin/two-factor/"


def test_a_wrong_code_keeps_the_enrolment_open():
    user, client = person(), Client()
    sign_in(client)
    device = TOTPDevice.objects.get(user=user)
    wrong = f"{(int(shown_by(device)) + 500_000) % 1_000_000:06}"
    page = client.post(DEVICE, {"code": wrong})
    assert "The code is not right." in said(page)
    assert not TOTPDevice.objects.filter(confirmed=True).exists()
    assert client.get("/admin/").status_code == 302


@pytest.mark.parametrize("change", ["time", "password", "inactive", "device"])
def test_an_enrolment_does_not_stay_open(change):
    user, client = person(), Client()
    sign_in(client)
    if change == "time":
        session = client.session
        key, proof, until = session["enrolling"]
        session["enrolling"] = [key, proof, until - 16 * 60]
        session.save()
    elif change == "password":
        user.set_password("another sentence nobody guesses")
        user.save()
    elif change == "inactive":
        User.objects.update(is_active=False)
    else:
        TOTPDevice.objects.create(user=user, name="Authenticator")
    assert client.get(DEVICE)["Location"] == "/admin/login/"
    assert client.get(DEVICE + "picture/").status_code == 404


def test_nobody_sees_a_secret_without_a_password():
    person()
    sign_in(Client())
    assert Client().get(DEVICE)["Location"] == "/admin/login/"
    assert Client().get(DEVICE + "picture/").status_code == 404


def test_later_the_password_alone_is_not_enough():
    device = with_device().totpdevice_set.get()
    client = Client()
    page = sign_in(client)
    assert "The user name, the password or the code is not right." in said(page)
    assert said(page).count("not right") == 1
    assert client.get("/admin/").status_code == 302
    assert sign_in(client, code=shown_by(device))["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_a_wrong_password_and_a_wrong_code_look_the_same():
    device = with_device().totpdevice_set.get()

    def answer(**typed):
        page = sign_in(Client(), **typed)
        return texts(page, ".//p[@class='errornote']"), page.status_code

    right = shown_by(device)
    wrong = f"{(int(right) + 500_000) % 1_000_000:06}"
    assert answer(code=wrong) == answer(password="no password of hers", code=right) == answer(name="nobody", code=right)


def test_a_code_is_accepted_once():
    device = with_device().totpdevice_set.get()
    code = shown_by(device)
    assert "Location" in sign_in(Client(), code=code)
    assert "Location" not in sign_in(Client(), code=code)


def test_the_code_of_the_enrolment_is_used_up_too():
    user, client = person(), Client()
    sign_in(client)
    code = shown_by(TOTPDevice.objects.get(user=user))
    client.post(DEVICE, {"code": code})
    assert "Location" not in sign_in(Client(), code=code)


def test_a_backup_code_signs_in_once():
    with_device()
    assert "Location" in sign_in(Client(), code="ABCD-efgh ")
    assert "Location" not in sign_in(Client(), code="abcdefgh")
    assert StaticToken.objects.count() == 1


def test_codes_of_somebody_else_are_not_accepted():
    device = with_device("omar").totpdevice_set.get()
    with_device()
    assert "Location" not in sign_in(Client(), code=shown_by(device))
    TOTPDevice.objects.filter(user__username="nadia").delete()
    StaticToken.objects.filter(device__user__username="nadia").delete()
    assert "Location" in sign_in(Client(), "omar", code="stuvwxyz")


def test_a_session_that_has_shown_no_code_is_kept_out(signed_in):
    """As one that began while TWO_FACTOR was off."""
    client = signed_in(with_device())
    assert client.get("/admin/")["Location"] == "/admin/login/?next=/admin/"
    assert client.get("/admin/claims/statement/").status_code == 302
    assert client.get("/admin/two-factor/").status_code == 302
    assert client.get(DEVICE)["Location"] == "/admin/login/"


def test_a_new_device_takes_a_current_code_and_ends_the_old_one():
    user, client, elsewhere = with_device(), Client(), Client()
    old = user.totpdevice_set.get()
    sign_in(client, code=shown_by(old))
    sign_in(elsewhere, code="abcdefgh")
    assert "1 backup code." in said(client.get("/admin/two-factor/"))
    assert "The code is not right." in said(client.post("/admin/two-factor/", {"code": "no-such", "device": ""}))
    assert client.get(DEVICE)["Location"] == "/admin/two-factor/"
    user.staticdevice_set.get().throttle_reset()
    assert client.post("/admin/two-factor/", {"code": "stuvwxyz", "device": ""})["Location"] == DEVICE
    assert "Location" not in sign_in(Client(), code="stuvwxyz")
    before = session_of(client)
    new = user.totpdevice_set.get(confirmed=False)
    assert len(codes_on(client.post(DEVICE, {"code": shown_by(new)}))) == 10
    assert session_of(client) != before
    assert client.get("/admin/").status_code == 200
    assert list(user.totpdevice_set.values_list("pk", "confirmed")) == [(new.pk, True)]


def test_new_backup_codes_replace_the_old():
    user, client = with_device(), Client()
    device = user.totpdevice_set.get()
    sign_in(client, code=shown_by(device))
    codes = codes_on(client.post("/admin/two-factor/", {"code": shown_by(device), "codes": ""}))
    assert len(codes) == 10
    assert not StaticToken.objects.filter(token="abcdefgh").exists()
    assert "Location" in sign_in(Client(), code=codes[3].upper())


def test_without_two_factor_the_password_opens_the_desk(settings):
    settings.TWO_FACTOR = False
    with_device()
    client = Client()
    assert 'name="code"' not in client.get("/admin/login/").content.decode()
    assert sign_in(client)["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_history_knows_who_set_up_what_and_no_secret(caplog):
    caplog.set_level(logging.DEBUG)
    user, client = person(), Client()
    codes = codes_on(enrolled(client, user))
    device = user.totpdevice_set.get()
    events = Event.objects.filter(row_table__in=["otp_totp_totpdevice", "otp_static_staticdevice"]).order_by("id")
    kept = [(event.row_table, event.action, event.record, event.record_id, event.actor_id) for event in events]
    assert kept == [
        ("otp_totp_totpdevice", "insert", "user", user.pk, user.pk),
        ("otp_totp_totpdevice", "update", "user", user.pk, user.pk),
        ("otp_static_staticdevice", "insert", "user", user.pk, user.pk),
    ]
    sign_in(Client(), code=shown_by(device))
    assert events.count() == 3
    told = str(list(Event.objects.values_list("before", "after"))) + "".join(
        record.getMessage() for record in caplog.records if not record.name.startswith("django.db")
    )
    bare = [code.replace("-", "") for code in codes]
    secrets = [device.key, second_factor.secret_of(device), PASSWORD, *codes, *bare]
    assert [secret for secret in secrets if secret in told] == []


def test_superusers_are_told_how_to_become_somebody(signed_in):
    boss = User.objects.create_superuser("boss", password=PASSWORD)
    command = "manage.py give_role boss Administrator"
    client = Client()
    assert command in said(sign_in(client, "boss"))
    assert client.get("/admin/").status_code == 302
    client = signed_in(boss)
    assert client.get("/admin/claims/statement/").status_code == 302
    assert command in said(client.get("/admin/", follow=True))


def test_readers_accounts_do_not_open_the_desk():
    person(is_staff=False)
    assert "not right" in said(sign_in(Client()))
