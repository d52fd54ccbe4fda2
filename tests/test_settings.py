"""config/env.py, what settings refuse, and what every response carries."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse
from django.test import override_settings

from config import checks, env
from config.headers import SafetyHeadersMiddleware

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgres://u:p@h:5433/d", {"NAME": "d", "USER": "u", "PASSWORD": "p", "HOST": "h", "PORT": "5433"}),
        ("postgresql://h/d", {"NAME": "d", "USER": "", "PASSWORD": "", "HOST": "h", "PORT": ""}),
        ("POSTGRESQL://h/d", {"NAME": "d", "USER": "", "PASSWORD": "", "HOST": "h", "PORT": ""}),
        ("postgresql:///d", {"NAME": "d", "USER": "", "PASSWORD": "", "HOST": "", "PORT": ""}),
        ("postgresql://u%40x:p%2F%3A%25@h/d%20e", {"USER": "u@x", "PASSWORD": "p/:%", "NAME": "d e", "HOST": "h"}),
        ("postgresql://u:p:q@h/d", {"USER": "u", "PASSWORD": "p:q"}),
        ("postgresql://u@/d?host=%2Frun%2Fpg", {"USER": "u", "HOST": "/run/pg", "NAME": "d"}),
        ("postgresql://%2Frun%2Fpg/d", {"HOST": "/run/pg", "NAME": "d"}),
        ("postgresql://%2FRun%2FPg/d", {"HOST": "/Run/Pg", "NAME": "d"}),
        ("postgresql://u@[::1]:5432/d", {"HOST": "::1", "PORT": "5432"}),
        ("postgresql:///?dbname=d&user=u&port=5433", {"NAME": "d", "USER": "u", "PORT": "5433"}),
        ("postgresql://h/d?sslmode=verify-full", {"OPTIONS": {"sslmode": "verify-full"}}),
        ("postgresql://u:%D9%83@h/d", {"PASSWORD": "ك"}),
    ],
)
def test_database_url_is_read(url, expected):
    found = env.parse_database_url(url)
    assert found["ENGINE"] == "django.db.backends.postgresql"
    assert {name: found[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("sqlite:///db.sqlite3", "PostgreSQL is the only database"),
        ("mysql://h/d", "PostgreSQL is the only database"),
        ("h/d", "PostgreSQL is the only database"),
        ("postgresql:h/d", "two slashes"),
        ("postgresql://h", "database name is missing"),
        ("postgresql://h/", "database name is missing"),
        ("postgresql://h/a/b", "holds a /"),
        ("postgresql://h:x/d", "port cannot be read"),
        ("postgresql://h:70000/d", "port cannot be read"),
        ("postgresql://h:0/d", "from 1 to 65535"),
        ("postgresql://a,b/d", "several hosts"),
        ("postgresql://u:p%@h/d", "%25"),
        ("postgresql://u:p%zz@h/d", "%25"),
        ("postgresql://u:%ff@h/d", "UTF-8"),
        ("postgresql://u:%00@h/d", "NUL"),
        ("postgresql://u:p #@h/d", "blank"),
        ("postgresql://h/d#x", "%23"),
        ("postgresql://h/d?host=/x", "host is given twice"),
        ("postgresql://h/d?sslmode=a&sslmode=b", "sslmode is given twice"),
        ("postgresql://h/d?options=-c%20x=y", "unknown option 'options'"),
        ("postgresql://h/d?sslmode", "option=value"),
    ],
)
def test_database_url_is_refused_without_its_password(url, words):
    with pytest.raises(ImproperlyConfigured, match=words) as refused:
        env.parse_database_url(url.replace("u:p", "u:hush"))
    assert "hush" not in str(refused.value)


@pytest.mark.parametrize("value", ["flase", "2", "on off", "True!"])
def test_a_boolean_is_never_guessed(value):
    with pytest.raises(ImproperlyConfigured, match="write 1 or 0"):
        env.boolean("DEBUG", default=False, environ={"DEBUG": value})


@pytest.mark.parametrize(("value", "expected"), [("1", True), ("Yes", True), ("0", False), ("off", False), (" ", True)])
def test_a_boolean_is_read(value, expected):
    assert env.boolean("X", default=True, environ={"X": value}) is expected


@pytest.mark.parametrize("value", ["-1", "1.5", "٣", "1e3", "99999"])
def test_a_number_is_never_guessed(value):
    with pytest.raises(ImproperlyConfigured, match="X is"):
        env.integer("X", default=1, maximum=9999, environ={"X": value})


@pytest.mark.parametrize(
    "value", ["rashomon.example", "ftp://a", "https://a/b", "https://u@a", "https://a?b", "http://a:b"]
)
def test_an_origin_is_scheme_and_host(value):
    with pytest.raises(ImproperlyConfigured, match="SITE_URL"):
        env.origin("SITE_URL", environ={"SITE_URL": value})


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY is not set"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY has 5 characters"),
        ({"DATABASE_URL": ""}, "DATABASE_URL is not set"),
        ({"DATABASE_URL": "sqlite:///x"}, "PostgreSQL is the only database"),
        ({"DEBUG": "maybe"}, "DEBUG is 'maybe'"),
        ({"ALLOWED_HOSTS": "a.example", "SECURE_SSL": "1", "SITE_URL": "http://a.example"}, "rashomon.E003"),
        ({"ALLOWED_HOSTS": "a.example", "DEBUG": "1"}, "rashomon.E002"),
        ({"ALLOWED_HOSTS": "*"}, "rashomon.E004"),
        ({"ALLOWED_HOSTS": "a.example", "SECURE_SSL": "0"}, "rashomon.E005"),
    ],
)
def test_a_wrong_setting_stops_manage_with_its_reason(changes, words):
    answer = subprocess.run(
        [sys.executable, "manage.py", "check"], cwd=ROOT, env=os.environ | changes, capture_output=True, text=True
    )
    assert answer.returncode != 0
    assert words in answer.stderr


@override_settings(SECURE_CSP={"script-src": ["'self'", "'unsafe-inline'"]})
def test_a_loose_policy_is_reported():
    assert [problem.id for problem in checks.check_policy_is_tight()] == ["rashomon.W001"]


@pytest.mark.parametrize(
    ("hosts", "two_factor", "found"),
    [(["rashomon.example"], False, ["rashomon.W002"]), (["rashomon.example"], True, []), (["127.0.0.1"], False, [])],
)
def test_a_public_desk_without_a_second_factor_is_reported(settings, hosts, two_factor, found):
    settings.ALLOWED_HOSTS, settings.TWO_FACTOR = hosts, two_factor
    assert [problem.id for problem in checks.check_two_factor()] == found


@pytest.mark.parametrize(
    ("header", "proxies", "found"),
    [
        (("HTTP_X_FORWARDED_PROTO", "https"), 0, ["rashomon.W003"]),
        (("HTTP_X_FORWARDED_PROTO", "https"), 1, []),
        (None, 0, []),
    ],
)
def test_proxies_that_are_not_counted_are_reported(settings, header, proxies, found):
    settings.SECURE_PROXY_SSL_HEADER, settings.TRUSTED_PROXIES = header, proxies
    assert [problem.id for problem in checks.check_proxies_are_counted()] == found


def answered(rf, path="/", cookie=None, change=lambda response: None):
    request = rf.get(path)
    if cookie:
        request.COOKIES[cookie] = "x"
    response = HttpResponse("words", headers={"Cache-Control": "max-age=60"})
    change(response)
    return SafetyHeadersMiddleware(lambda _request: response)(request)


def test_a_public_response_stays_cacheable(rf):
    assert answered(rf)["Cache-Control"] == "max-age=60"


@pytest.mark.parametrize(
    "case",
    [
        {"cookie": "session"},
        {"path": "/admin/login/"},
        {"change": lambda response: response.set_cookie("a", "b")},
        {"change": lambda response: response.headers.__setitem__("Vary", "Accept, Cookie")},
    ],
)
@override_settings(SESSION_COOKIE_NAME="session")
def test_a_response_with_a_session_is_never_stored(rf, case):
    assert answered(rf, **case)["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_every_response_carries_the_safety_headers(client):
    response = client.get("/admin/login/")
    assert response.headers["Content-Security-Policy"].startswith("default-src 'none'; ")
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    assert {name: response.headers[name] for name in HEADERS} == HEADERS
    assert "camera=()" in response.headers["Permissions-Policy"]


HEADERS = {
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-store",
}


BACKEND = "django.core.mail.backends.{}.EmailBackend"


def test_mail_goes_where_the_environment_says():
    assert env.mailer("console", environ={})["BACKEND"] == BACKEND.format("console")
    assert env.mailer("off", environ={})["BACKEND"] == BACKEND.format("dummy")
    assert env.mailer("file", environ={"MAIL_FOLDER": "/mails"}) == {
        "BACKEND": BACKEND.format("filebased"),
        "OPTIONS": {"file_path": "/mails"},
    }
    given = {"MAIL_HOST": "mail.example", "MAIL_USER": "desk", "MAIL_PASSWORD": "secret"}
    options = env.mailer("smtp", environ=given)["OPTIONS"]
    assert (options["host"], options["port"], options["use_tls"], options["use_ssl"]) == (
        "mail.example",
        587,
        True,
        False,
    )
    options = env.mailer("smtp", environ={**given, "MAIL_SECURITY": "tls", "MAIL_PORT": "4650"})["OPTIONS"]
    assert (options["port"], options["use_tls"], options["use_ssl"]) == (4650, False, True)


@pytest.mark.parametrize(
    ("kind", "given", "says"),
    [
        ("file", {}, "set MAIL_FOLDER"),
        ("smtp", {}, "set MAIL_HOST"),
        ("smtp", {"MAIL_HOST": "m", "MAIL_USER": "desk"}, "both, or neither"),
        ("smtp", {"MAIL_HOST": "m", "MAIL_PORT": "0"}, "MAIL_PORT is 0"),
        ("smtp", {"MAIL_HOST": "m", "MAIL_SECURITY": "ssl"}, "write one of starttls, tls, none"),
        ("smtp", {"MAIL_HOST": "m", "MAIL_USER": "d", "MAIL_PASSWORD": "p", "MAIL_SECURITY": "none"}, "in the clear"),
    ],
)
def test_half_a_mailer_is_refused(kind, given, says):
    with pytest.raises(ImproperlyConfigured, match=says):
        env.mailer(kind, environ=given)
