"""What a person does to sign in: a form with name, password and code; an authenticator in the hand."""

import re
import time

import lxml.html
from django.contrib.auth.models import User
from django.test import Client
from django_otp.oath import hotp
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

PASSWORD = "a long sentence nobody guesses"


def person(name="nadia", **values):
    values = {"is_staff": True, "password": PASSWORD, **values}
    return User.objects.create_user(name, **values)


def with_device(name="nadia", **values):
    """Somebody who has an authenticator and two backup codes, abcdefgh and stuvwxyz."""
    user = person(name, **values)
    TOTPDevice.objects.create(user=user, name="Authenticator", confirmed=True)
    codes = StaticDevice.objects.create(user=user, name="Backup codes")
    StaticToken.objects.bulk_create(StaticToken(device=codes, token=token) for token in ("abcdefgh", "stuvwxyz"))
    return user


def shown_by(device):
    """The code that the authenticator shows: of now, or of the next half minute where that of now is used up."""
    device.refresh_from_db()
    return f"{hotp(device.bin_key, max(int(time.time()) // 30, device.last_t + 1)):06}"


def sign_in(client: Client, name="nadia", password=PASSWORD, code="", **extra):
    return client.post("/admin/login/", {"username": name, "password": password, "code": code}, **extra)


def said(response):
    """What a page says, as one line."""
    words = " ".join(lxml.html.fromstring(response.content).itertext())
    return re.sub(r"\s+", " ", words).strip()


def texts(response, path):
    """What stands in each element that the XPath finds."""
    return ["".join(element.itertext()).strip() for element in lxml.html.fromstring(response.content).iterfind(path)]
