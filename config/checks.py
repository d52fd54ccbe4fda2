"""System checks: one for each trap that a site can fall into without an error, each with what to do.

rashomon.E001 to E005 stop `manage.py`, W001 to W003 only warn; `make check` and `manage.py check --deploy --database
default` run them all.
"""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register  # noqa: A004  Django's own name for it.
from django.db import connections
from django.db.utils import OperationalError

from config.binaries import OLDEST_MAJOR

LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]", "testserver"})


@register(Tags.database)
def check_postgresql_version(databases: Sequence[str] | None = None, **_kwargs: Any) -> list[CheckMessage]:
    """E001: older servers lack what the migrations use (NULLS NOT DISTINCT, and more)."""
    problems: list[CheckMessage] = []
    for alias in databases or ():
        connection = connections[alias]
        try:
            with connection.cursor() as cursor:
                cursor.execute("SHOW server_version_num")
                version = int(cursor.fetchone()[0]) // 10000
        except OperationalError:
            # The command that needs the database will say so in full.
            continue
        if version < OLDEST_MAJOR:
            problems.append(
                Error(
                    f"Database {alias!r} is PostgreSQL {version}; {OLDEST_MAJOR} is the oldest that works.",
                    hint="Upgrade the server, or point DATABASE_URL at a newer one.",
                    id="rashomon.E001",
                )
            )
    return problems


@register(Tags.security)
def check_debug_is_local(**_kwargs: Any) -> list[CheckMessage]:
    """E002: debug pages show settings and source code to whoever meets an error."""
    strangers = [host for host in settings.ALLOWED_HOSTS if host not in LOOPBACK]
    if not (settings.DEBUG and strangers):
        return []
    return [
        Error(
            f"DEBUG is on while the site answers to {', '.join(strangers)}.",
            hint="Unset DEBUG, or unset ALLOWED_HOSTS so that only this machine is answered.",
            id="rashomon.E002",
        )
    ]


@register(Tags.security)
def check_site_url(**_kwargs: Any) -> list[CheckMessage]:
    """E003: feeds, sitemaps and exports would spread http links, or links to a host that the site refuses."""
    url = urlsplit(settings.SITE_URL)
    problems: list[CheckMessage] = []
    public = [host for host in settings.ALLOWED_HOSTS if host not in LOOPBACK]
    if settings.SECURE_SSL and public and url.scheme != "https":
        problems.append(
            Error(
                f"SITE_URL is {settings.SITE_URL!r} while SECURE_SSL is on.",
                hint="Set SITE_URL to the public address, such as https://rashomon.example.",
                id="rashomon.E003",
            )
        )
    return problems


@register(Tags.security)
def check_wildcard_host(**_kwargs: Any) -> list[CheckMessage]:
    """E004: with "*" a forged Host header goes into links and caches."""
    if "*" not in settings.ALLOWED_HOSTS:
        return []
    return [
        Error(
            "ALLOWED_HOSTS is '*', so any Host header is believed.",
            hint="Name the hosts, parted by commas.",
            id="rashomon.E004",
        )
    ]


@register(Tags.security)
def check_plain_http(**_kwargs: Any) -> list[CheckMessage]:
    """E005: without SECURE_SSL, passwords and sessions of another machine's users cross the network in the clear."""
    public = [host for host in settings.ALLOWED_HOSTS if host not in LOOPBACK]
    if settings.SECURE_SSL or not public:
        return []
    return [
        Error(
            f"SECURE_SSL is off while the site answers to {', '.join(public)}.",
            hint="Unset SECURE_SSL and serve through https (TRUST_PROXY_SSL=1 behind a proxy that ends TLS).",
            id="rashomon.E005",
        )
    ]


@register(Tags.security, deploy=True)
def check_policy_is_tight(**_kwargs: Any) -> list[CheckMessage]:
    """W001: an unsafe-* word or a wildcard makes the policy a decoration."""
    loose = [
        f"{directive} {value}"
        for directive, values in settings.SECURE_CSP.items()
        for value in values
        if "unsafe" in value or value in {"*", "data:", "http:", "https:"}
    ]
    if not loose:
        return []
    return [
        Warning(
            f"SECURE_CSP allows {', '.join(loose)}.",
            hint="Move inline script and style to a static file, and images to /static/.",
            id="rashomon.W001",
        )
    ]


@register(Tags.security)
def check_two_factor(**_kwargs: Any) -> list[CheckMessage]:
    """W002: with a password alone, one that was guessed or fished opens the desk."""
    public = [host for host in settings.ALLOWED_HOSTS if host not in LOOPBACK]
    if settings.TWO_FACTOR or not public:
        return []
    return [
        Warning(
            f"TWO_FACTOR is off while the site answers to {', '.join(public)}.",
            hint="Unset TWO_FACTOR; everybody sets an authenticator up at the next sign-in.",
            id="rashomon.W002",
        )
    ]


@register(Tags.security)
def check_proxies_are_counted(**_kwargs: Any) -> list[CheckMessage]:
    """W003: behind a proxy that is not counted, all have its address, and ten wrong passwords stop everybody."""
    behind_a_proxy: Any = settings.SECURE_PROXY_SSL_HEADER
    if not behind_a_proxy or settings.TRUSTED_PROXIES:
        return []
    return [
        Warning(
            "TRUST_PROXY_SSL is on and TRUSTED_PROXIES is 0: every sign-in seems to come from the proxy.",
            hint="Set TRUSTED_PROXIES to the number of proxies that add to X-Forwarded-For, mostly 1.",
            id="rashomon.W003",
        )
    ]
