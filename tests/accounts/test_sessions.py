"""Sessions and their cookies: new at each step, short, and ended with the password."""

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.db.models import F
from django.test import Client

from tests.accounts.signing import PASSWORD, person, sign_in

ROOT = Path(__file__).resolve().parent.parent.parent
NEW = "another sentence nobody guesses"


@pytest.mark.django_db
def test_a_session_that_was_there_before_is_not_taken_over():
    person()
    client = Client()
    planted = client.session
    planted["mine"] = "planted"
    planted.save()
    client.cookies["session"] = planted.session_key
    sign_in(client)
    assert client.cookies["session"].value != planted.session_key
    assert not planted.exists(planted.session_key)
    assert "mine" not in client.session


@pytest.mark.django_db
def test_signing_out_ends_the_session():
    person()
    client = Client()
    sign_in(client)
    key = client.cookies["session"].value
    client.post("/admin/logout/")
    client.cookies["session"] = key
    assert client.get("/admin/").status_code == 302


@pytest.mark.django_db
def test_a_new_password_ends_every_other_session():
    person()
    here, elsewhere = Client(), Client()
    sign_in(here)
    sign_in(elsewhere)
    key = here.cookies["session"].value
    form = {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}
    assert here.post("/admin/password_change/", form)["Location"] == "/admin/password_change/done/"
    assert here.get("/admin/").status_code == 200
    assert here.cookies["session"].value != key
    assert elsewhere.get("/admin/").status_code == 302


@pytest.mark.django_db
def test_deactivating_somebody_ends_the_session_at_once():
    user = person()
    client = Client()
    sign_in(client)
    user.is_active = False
    user.save()
    assert client.get("/admin/").status_code == 302


@pytest.mark.django_db
def test_a_session_lasts_twelve_hours():
    person()
    client = Client()
    sign_in(client)
    assert client.cookies["session"]["max-age"] == 12 * 60 * 60
    Session.objects.update(expire_date=F("expire_date") - timedelta(hours=12, seconds=1))
    assert client.get("/admin/").status_code == 302


COOKIES = """
import json, django
django.setup()
from django.conf import settings
from django.http import HttpResponse
from django.middleware.csrf import CsrfViewMiddleware, get_token
from django.test import RequestFactory
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.contrib.sessions.middleware import SessionMiddleware

def view(request):
    get_token(request)
    request.session = SessionStore()
    request.session["a"] = 1
    return HttpResponse()

settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
response = SessionMiddleware(CsrfViewMiddleware(view))(RequestFactory().get("/", secure=True))
print(json.dumps(response.cookies.output(header="").split("\\r\\n")))
"""


def test_cookies_of_a_public_site_are_host_cookies():
    """A __Host- cookie is Secure, for the path / and without a domain, or the browser refuses it."""
    environment = os.environ | {"SECURE_SSL": "1", "DJANGO_SETTINGS_MODULE": "config.settings"}
    command = [sys.executable, "-c", COOKIES]
    answer = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert answer.returncode == 0, answer.stderr
    cookies = {}
    for line in json.loads(answer.stdout):
        name, *rest = line.strip().split("; ")
        cookies[name.partition("=")[0]] = {part.partition("=")[0] for part in rest}, rest
    assert sorted(cookies) == ["__Host-csrf", "__Host-session"]
    for attributes, rest in cookies.values():
        assert {"Secure", "HttpOnly"} <= attributes
        assert "Path=/" in rest
        assert "Domain" not in attributes
    assert "SameSite=Lax" in cookies["__Host-session"][1]
    assert "SameSite=Strict" in cookies["__Host-csrf"][1]
