"""Strict readers of environment variables.

Each reader either returns a value of the right type or raises ImproperlyConfigured with a sentence that says which
variable is wrong and what to write instead. A value is never guessed: DEBUG=flase is an error, not "off". No message
repeats a secret or the whole of a database URL, because messages land in logs.
"""

import os
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

TRUE = frozenset({"1", "true", "yes", "on"})
FALSE = frozenset({"0", "false", "no", "off"})

SECRET_KEY_MIN_LENGTH = 50
"""Django's own limit in security.W009."""

LIBPQ_OPTIONS = frozenset(
    {
        "application_name",
        "channel_binding",
        "connect_timeout",
        "gssencmode",
        "keepalives",
        "keepalives_count",
        "keepalives_idle",
        "keepalives_interval",
        "passfile",
        "require_auth",
        "service",
        "sslcert",
        "sslcrl",
        "sslkey",
        "sslmode",
        "sslnegotiation",
        "sslrootcert",
        "target_session_attrs",
        "tcp_user_timeout",
    }
)
"""What may follow "?" in DATABASE_URL beside host, port, user, password and dbname, which have places of their own."""


def text(name: str, default: str = "", *, environ: Mapping[str, str] = os.environ) -> str:
    """The value without surrounding blanks, or the default where it is missing or blank."""
    return environ.get(name, "").strip() or default


def boolean(name: str, *, default: bool, environ: Mapping[str, str] = os.environ) -> bool:
    value = text(name, environ=environ).lower()
    if not value:
        return default
    if value in TRUE:
        return True
    if value in FALSE:
        return False
    raise ImproperlyConfigured(f"{name} is {value!r}: write 1 or 0.")


def integer(
    name: str, *, default: int, minimum: int = 0, maximum: int | None = None, environ: Mapping[str, str] = os.environ
) -> int:
    value = text(name, environ=environ)
    if not value:
        return default
    if not (value.isascii() and value.isdigit()):
        raise ImproperlyConfigured(f"{name} is {value!r}: write a whole number of digits.")
    number = int(value)
    if number < minimum or (maximum is not None and number > maximum):
        span = f"{minimum} or more" if maximum is None else f"from {minimum} to {maximum}"
        raise ImproperlyConfigured(f"{name} is {number}: write a number {span}.")
    return number


def words(name: str, default: tuple[str, ...] = (), *, environ: Mapping[str, str] = os.environ) -> list[str]:
    """A list parted by commas; blanks and empty parts are dropped."""
    value = text(name, environ=environ)
    return [word.strip() for word in value.split(",") if word.strip()] if value else list(default)


def choice(name: str, choices: tuple[str, ...], default: str, *, environ: Mapping[str, str] = os.environ) -> str:
    value = text(name, default, environ=environ)
    if value not in choices:
        raise ImproperlyConfigured(f"{name} is {value!r}: write one of {', '.join(choices)}.")
    return value


def origin(name: str, default: str = "", *, environ: Mapping[str, str] = os.environ) -> str:
    """An http(s) origin such as https://rashomon.example, without path or trailing slash."""
    value = text(name, default, environ=environ).rstrip("/")
    if not value:
        return ""
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} is not a web address ({error}).") from error
    if (
        parts.scheme not in {"http", "https"}
        or not parts.hostname
        or parts.path
        or parts.query
        or parts.fragment
        or "@" in parts.netloc
    ):
        raise ImproperlyConfigured(f"{name} must be scheme and host alone, such as https://rashomon.example.")
    return value


def secret_key(*, environ: Mapping[str, str] = os.environ) -> str:
    """SECRET_KEY; there is no default, because a known key lets anyone sign a session."""
    key = text("SECRET_KEY", environ=environ)
    if not key:
        raise ImproperlyConfigured(
            "SECRET_KEY is not set. `make run` makes its own in var/secret_key; elsewhere set a random one, such as "
            "the output of: python -c 'import secrets; print(secrets.token_urlsafe(50))'"
        )
    if len(key) < SECRET_KEY_MIN_LENGTH:
        raise ImproperlyConfigured(
            f"SECRET_KEY has {len(key)} characters: use at least {SECRET_KEY_MIN_LENGTH} random ones, such as the "
            "output of: python -c 'import secrets; print(secrets.token_urlsafe(50))'"
        )
    return key


def database(name: str = "DATABASE_URL", *, environ: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """The DATABASES entry that the variable describes."""
    url = text(name, environ=environ)
    if not url:
        raise ImproperlyConfigured(
            f"{name} is not set. `make run`, `make test` and `make manage` start a private PostgreSQL and set it; "
            "elsewhere write postgresql://user:password@host:5432/database."
        )
    return parse_database_url(url, name=name)


def parse_database_url(url: str, *, name: str = "DATABASE_URL") -> dict[str, Any]:
    """Read postgresql://[user[:password]@][host][:port]/database[?host=/socket/folder&sslmode=…].

    Strict on purpose: what libpq would read in two ways (a host before and after "?", several hosts) is refused, and so
    is an option that is not in LIBPQ_OPTIONS. The message never repeats the URL, which may hold a password.
    """

    def refuse(what: str) -> ImproperlyConfigured:
        return ImproperlyConfigured(f"{name}: {what} The form is postgresql://user:password@host:5432/database.")

    if any(ord(character) <= 0x20 or ord(character) == 0x7F for character in url):
        raise refuse("it holds a blank or a control character; write it as %20 or the like.")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise refuse("the host or port cannot be read (an IPv6 address stands in brackets, a password's / # ? @ : are "
                     "written %2F %23 %3F %40 %3A).") from error  # fmt: skip
    if parts.scheme not in {"postgres", "postgresql"}:
        raise refuse(f"PostgreSQL is the only database, so it must begin with postgresql:// (found {parts.scheme!r}).")
    if not url.lower().startswith(f"{parts.scheme}://"):
        raise refuse("two slashes must follow the scheme.")
    if parts.fragment or url.endswith("#"):
        raise refuse("a # must be written %23.")

    def decode(value: str, what: str) -> str:
        _check_percent(value, what, refuse)
        try:
            decoded = unquote(value, errors="strict")
        except UnicodeDecodeError as error:
            raise refuse(f"the {what} is not UTF-8 after percent-decoding.") from error
        if "\0" in decoded:
            raise refuse(f"the {what} holds a NUL.")
        return decoded

    authority = parts.netloc.rpartition("@")[2]
    if "," in authority:
        raise refuse("several hosts are not supported.")
    user = decode(parts.username or "", "user")
    password = decode(parts.password or "", "password")
    host = decode(parts.hostname or "", "host")
    if "%" in authority and not host.startswith("/"):
        host = decode(authority.partition(":")[0], "host")
    database_name = decode(parts.path.removeprefix("/"), "database name")
    if "/" in parts.path.removeprefix("/"):
        raise refuse("the database name holds a /; write it as %2F if it is meant.")

    options: dict[str, str] = {}
    places = {
        "host": host,
        "port": "" if port is None else str(port),
        "user": user,
        "password": password,
        "dbname": database_name,
    }
    _check_percent(parts.query, "part after ?", refuse)
    try:
        pairs = parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query), errors="strict")
    except ValueError as error:
        raise refuse("the part after ? must be option=value, parted by &.") from error
    for key, value in pairs:
        if key in places:
            if places[key]:
                raise refuse(f"{key} is given twice.")
            places[key] = value
        elif key not in LIBPQ_OPTIONS:
            raise refuse(f"unknown option {key!r} after ?.")
        elif key in options:
            raise refuse(f"{key} is given twice.")
        else:
            options[key] = value

    if not places["dbname"] and "service" not in options:
        raise refuse("the database name is missing.")
    if places["port"] and not (
        places["port"].isascii() and places["port"].isdigit() and 0 < int(places["port"]) < 65536
    ):
        raise refuse("the port must be a number from 1 to 65535.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": places["dbname"],
        "USER": places["user"],
        "PASSWORD": places["password"],
        "HOST": places["host"],
        "PORT": places["port"],
        "OPTIONS": options,
    }


def _check_percent(value: str, what: str, refuse: Any) -> None:
    """Refuse a % that is not followed by two hexadecimal digits: unquote() would keep it as it is."""
    for position, character in enumerate(value):
        if character == "%" and not (
            len(value) >= position + 3
            and all(digit in "0123456789abcdefABCDEF" for digit in value[position + 1 : position + 3])
        ):
            raise refuse(f"a % in the {what} must be written %25.")


def mailer(kind: str, *, environ: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """The MAILERS entry for a kind of MAIL: console, file (needs MAIL_FOLDER), smtp (needs MAIL_HOST) or off."""
    backends = "django.core.mail.backends"
    if kind == "off":
        return {"BACKEND": f"{backends}.dummy.EmailBackend"}
    if kind == "file":
        folder = text("MAIL_FOLDER", environ=environ)
        if not folder:
            raise ImproperlyConfigured("MAIL is 'file', so set MAIL_FOLDER to the folder into which mails are written.")
        return {"BACKEND": f"{backends}.filebased.EmailBackend", "OPTIONS": {"file_path": folder}}
    if kind != "smtp":
        return {"BACKEND": f"{backends}.console.EmailBackend"}
    host = text("MAIL_HOST", environ=environ)
    if not host:
        raise ImproperlyConfigured("MAIL is 'smtp', so set MAIL_HOST to the name of the mail server.")
    user, password = text("MAIL_USER", environ=environ), text("MAIL_PASSWORD", environ=environ)
    if bool(user) != bool(password):
        raise ImproperlyConfigured("Set MAIL_USER and MAIL_PASSWORD both, or neither.")
    security = choice("MAIL_SECURITY", ("starttls", "tls", "none"), "starttls", environ=environ)
    if security == "none" and password:
        raise ImproperlyConfigured("MAIL_SECURITY is 'none', which would send MAIL_PASSWORD in the clear.")
    ports = {"starttls": 587, "tls": 465, "none": 25}
    options = {
        "host": host,
        "port": integer("MAIL_PORT", default=ports[security], minimum=1, maximum=65535, environ=environ),
        "username": user,
        "password": password,
        "use_tls": security == "starttls",
        "use_ssl": security == "tls",
        "timeout": 20,
    }
    return {"BACKEND": f"{backends}.smtp.EmailBackend", "OPTIONS": options}
