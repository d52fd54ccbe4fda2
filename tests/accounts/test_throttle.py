"""Ten wrong tries in five minutes, by name and by address."""

import logging
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.db.models import F
from django.test import Client

from config.models import Attempt
from config.throttle import address_of
from tests.accounts.signing import PASSWORD, person, said, shown_by, sign_in, with_device

WRONG = "wrong and long enough"


def failed(times, name="nadia", address="192.0.2.7"):
    client = Client(REMOTE_ADDR=address)
    return [sign_in(client, name, WRONG).status_code for _ in range(times)]


def minutes_pass(**elapsed):
    Attempt.objects.update(at=F("at") - timedelta(**elapsed))


@pytest.mark.django_db
def test_the_eleventh_try_is_refused_even_with_the_right_password():
    person()
    assert failed(10) == [200] * 10
    client = Client(REMOTE_ADDR="198.51.100.4")
    answer = sign_in(client)
    assert answer.status_code == 429
    assert 290 <= int(answer["Retry-After"]) <= 300
    assert "ten wrong passwords or codes within five minutes" in said(answer)
    assert "Please try again in 5 minutes." in said(answer)
    assert client.get("/admin/").status_code == 302


@pytest.mark.django_db
def test_five_minutes_later_the_right_password_is_taken_again():
    person()
    failed(10)
    minutes_pass(minutes=4, seconds=50)
    assert sign_in(Client()).status_code == 429
    minutes_pass(seconds=11)
    client = Client()
    assert sign_in(client)["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200
    assert Attempt.objects.count() == 0


@pytest.mark.django_db
def test_a_refused_try_does_not_make_the_wait_longer():
    person()
    failed(10)
    minutes_pass(minutes=4)
    assert failed(5) == [429] * 5
    minutes_pass(minutes=1)
    assert "Location" in sign_in(Client())


@pytest.mark.django_db
def test_a_right_password_is_no_failure():
    person()
    assert ["Location" in sign_in(Client()) for _ in range(12)] == [True] * 12


@pytest.mark.django_db
def test_one_address_cannot_go_through_many_names():
    person()
    assert [failed(1, f"name{number}")[0] for number in range(10)] == [200] * 10
    assert failed(1) == [429]
    assert sign_in(Client(REMOTE_ADDR="192.0.2.7")).status_code == 429
    assert "Location" in sign_in(Client(REMOTE_ADDR="192.0.2.8"))


@pytest.mark.django_db
def test_one_name_is_one_however_it_is_spelt_and_wherever_it_is_tried():
    person()
    for number, name in enumerate(["nadia", "Nadia", " nadia ", "ｎａｄｉａ", "NADIA"] * 2):
        assert failed(1, name, f"192.0.2.{number}") == [200]
    assert failed(1, "nadia", "192.0.2.99") == [429]


@pytest.mark.django_db
def test_a_name_that_nobody_has_is_throttled_alike():
    assert failed(11, "nobody") == [200] * 10 + [429]


@pytest.mark.django_db
def test_neither_names_nor_passwords_are_kept_or_logged(caplog):
    caplog.set_level(logging.DEBUG)
    for _ in range(11):
        sign_in(Client(), "my secret as name", "my secret as password")
    assert Attempt.objects.count() == 20
    assert {len(subject) for subject in Attempt.objects.values_list("subject", flat=True)} == {64}
    assert "Too many wrong passwords or codes for one name or from one address." in caplog.text
    own = [record.getMessage() for record in caplog.records if not record.name.startswith("django.db")]
    assert [line for line in own if "my secret" in line] == []


@pytest.mark.django_db
def test_old_tries_are_forgotten():
    failed(3)
    minutes_pass(minutes=5)
    failed(1, "somebody")
    assert Attempt.objects.count() == 2


@pytest.mark.django_db
def test_codes_are_throttled_too(settings):
    """Here the device's own delay is off, so that each try reaches the code."""
    settings.TWO_FACTOR = True
    settings.OTP_TOTP_THROTTLE_FACTOR = 0
    user = with_device()
    device = user.totpdevice_set.get()
    wrong = f"{(int(shown_by(device)) + 500_000) % 1_000_000:06}"
    assert [sign_in(Client(), code=wrong).status_code for _ in range(11)] == [200] * 10 + [429]
    assert sign_in(Client(), code=shown_by(device)).status_code == 429
    minutes_pass(minutes=5)
    assert "Location" in sign_in(Client(), code=shown_by(device))


@pytest.mark.django_db
def test_wrong_codes_slow_the_device_down(settings):
    settings.TWO_FACTOR = True
    device = with_device().totpdevice_set.get()
    wrong = f"{(int(shown_by(device)) + 500_000) % 1_000_000:06}"
    sign_in(Client(), code=wrong)
    sign_in(Client(), code=wrong)
    assert "Location" not in sign_in(Client(), code=shown_by(device))
    device.refresh_from_db()
    device.throttling_failure_timestamp -= timedelta(seconds=5)
    device.save()
    assert "Location" in sign_in(Client(), code=shown_by(device))


@pytest.mark.django_db
def test_the_old_password_cannot_be_guessed_from_a_stolen_session(signed_in):
    client = signed_in(person())
    new = "another sentence nobody guesses"
    form = {"new_password1": new, "new_password2": new}
    tries = [client.post("/admin/password_change/", {"old_password": WRONG, **form}) for _ in range(10)]
    assert [answer.status_code for answer in tries] == [200] * 10
    assert client.post("/admin/password_change/", {"old_password": PASSWORD, **form}).status_code == 429


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_get_ten_tries_together():
    person()
    start, codes = Barrier(8), []

    def try_six_times(number):
        start.wait()
        codes.extend(failed(6, address=f"192.0.2.{number}"))
        connection.close()

    threads = [Thread(target=try_six_times, args=[number]) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (codes.count(200), codes.count(429)) == (10, 38)


@pytest.mark.parametrize(
    ("proxies", "forwarded", "connected", "expected"),
    [
        (0, "203.0.113.9", "192.0.2.1", "192.0.2.1"),
        (1, "203.0.113.9", "192.0.2.1", "203.0.113.9"),
        (1, "10.0.0.1, 203.0.113.9", "192.0.2.1", "203.0.113.9"),
        (2, "10.0.0.1, 203.0.113.9, 192.0.2.5", "192.0.2.1", "203.0.113.9"),
        (2, "203.0.113.9", "192.0.2.1", "192.0.2.1"),
        (1, "unknown", "192.0.2.1", "192.0.2.1"),
        (1, "", "192.0.2.1", "192.0.2.1"),
        (0, "", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        (0, "", "::ffff:192.0.2.1", "192.0.2.1"),
        (0, "", "", ""),
    ],
)
def test_the_address_is_what_trusted_proxies_saw(rf, settings, proxies, forwarded, connected, expected):
    settings.TRUSTED_PROXIES = proxies
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    assert address_of(rf.get("/", headers=headers, REMOTE_ADDR=connected)) == expected
