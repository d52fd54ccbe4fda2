"""All settings, read from the environment, safe where nothing is set.

docs/operating.md lists the variables. SECRET_KEY and DATABASE_URL have no default; `make run` sets both.
"""

import sys
from pathlib import Path
from typing import Any

from django.utils.csp import CSP

from config import env

BASE_DIR = Path(__file__).resolve().parent.parent

# What the operator must say.
DEBUG = env.boolean("DEBUG", default=False)
SECRET_KEY = env.secret_key()
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", ("127.0.0.1", "localhost", "[::1]"))
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")
# Absolute links in feeds, sitemaps and exports start with this; a request's Host header is never trusted for them.
SITE_URL = env.origin("SITE_URL", "http://127.0.0.1:8000")

INSTALLED_APPS = [
    # For its system checks, its static files, the rooms of users and the table of the throttle.
    "config.apps.ConfigConfig",
    "claims",
    "sources",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "config.apps.DeskConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
]

MIDDLEWARE = [
    # First of all, so that what any other middleware answers (a redirect to https, a static file) has them too.
    "config.headers.SafetyHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Each answer gets some random bytes, so that its length tells nothing of what is in it (BREACH).
    "django.middleware.gzip.GZipMiddleware",
    "config.languages.LanguageMiddleware",
    "claims.api.transport.MachineMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "config.overload.OverloadMiddleware",
    "config.origin.OriginMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# PostgreSQL is the only database. STATEMENT_TIMEOUT is in milliseconds; 0 means none, for migrations and imports.
STATEMENT_TIMEOUT = env.integer("STATEMENT_TIMEOUT", default=2000)
_default_database = env.database()
_default_database["ATOMIC_REQUESTS"] = False
_default_database["CONN_MAX_AGE"] = env.integer("CONN_MAX_AGE", default=60)
_default_database["CONN_HEALTH_CHECKS"] = True
# The history names the command that wrote, where nobody is signed in.
_command = " ".join(["manage.py", *sys.argv[1:2]]) if Path(sys.argv[0]).name == "manage.py" else "rashomon"
_default_database["OPTIONS"].setdefault("application_name", _command[:63])
# SINGLE_EDITOR=1 lets a publisher approve the own work, which the page then says; the database must know too.
SINGLE_EDITOR = env.boolean("SINGLE_EDITOR", default=False)
_default_database["OPTIONS"]["options"] = f"-c rashomon.single_editor={'on' if SINGLE_EDITOR else 'off'}"
if STATEMENT_TIMEOUT:
    _default_database["OPTIONS"]["options"] += f" -c statement_timeout={STATEMENT_TIMEOUT}"
if _test_database := env.text("RASHOMON_TEST_DB"):
    _default_database["TEST"] = {"NAME": _test_database}
DATABASES = {"default": _default_database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# What editors write (titles, questions, explanations) is in the first; the pages around it speak either.
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("ar", "العربية")]
LOCALE_PATHS = [BASE_DIR / "claims" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# Static files: built by collectstatic, served by WhiteNoise with a hash in each name.
STATIC_URL = "static/"
STATIC_ROOT = Path(env.text("STATIC_ROOT", str(BASE_DIR / "var" / "static")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# Sign-in.
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "admin:login"
# Whether the desk asks for a code from an authenticator beside the password. `make run` switches it off for loopback.
TWO_FACTOR = env.boolean("TWO_FACTOR", default=True)
OTP_TOTP_ISSUER = "Rashomon"
# How many proxies stand before the site, each adding the address it saw to X-Forwarded-For (config/throttle.py).
TRUSTED_PROXIES = env.integer("TRUSTED_PROXIES", default=0)
SESSION_COOKIE_AGE = 60 * 60 * 12
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"

# Transport. SECURE_SSL=0 is for loopback only: `make run` sets it because browsers treat 127.0.0.1 as safe over http.
SECURE_SSL = env.boolean("SECURE_SSL", default=True)
SECURE_SSL_REDIRECT = SECURE_SSL
SECURE_HSTS_SECONDS = env.integer("SECURE_HSTS_SECONDS", default=60 * 60 * 24 * 365 * 2) if SECURE_SSL else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_SSL
SECURE_HSTS_PRELOAD = SECURE_SSL
SESSION_COOKIE_SECURE = SECURE_SSL
CSRF_COOKIE_SECURE = SECURE_SSL
SESSION_COOKIE_NAME = "__Host-session" if SECURE_SSL else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE_SSL else "csrf"
# TRUST_PROXY_SSL=1 only behind a proxy that overwrites X-Forwarded-Proto: else a client could pass http off as https.
if env.boolean("TRUST_PROXY_SSL", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# Headers; config/headers.py adds the ones that Django has no setting for.
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
    "base-uri": [CSP.NONE],
}
# Fields of a form, all together. Files are dropped, but for the two pages that ask for one (sources/uploads.py).
DATA_UPLOAD_MAX_MEMORY_SIZE = 50 * 1024 * 1024
FILE_UPLOAD_HANDLERS = ["sources.uploads.UnaskedUploadHandler"]

# The read API (claims/api): JSON alone, open to everybody, with nobody's credentials and so without a session.
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": [],
    "DEFAULT_METADATA_CLASS": None,
    "DEFAULT_SCHEMA_CLASS": "claims.api.schema.ApiSchema",
    "EXCEPTION_HANDLER": "claims.api.problems.told",
    "UNAUTHENTICATED_USER": None,
}
# Its description, as JSON alone; a name for each closed vocabulary, as in docs/data-format.md.
SPECTACULAR_SETTINGS = {
    "TITLE": "Rashomon",
    "DESCRIPTION": "Who said what, and where the accounts part: the public record, to be read by programs.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SERVERS": [{"url": SITE_URL}],
    "ENUM_SUFFIX": "",
    "ENUM_NAME_OVERRIDES": {
        name: f"{app}.choices.{name}.choices"
        for app, names in (
            ("claims", "AnswerKind AssertedBy CorrectionKind CueClass DateBasis Determinacy Finding Mechanism Mode"),
            ("claims", "NameKind Pattern Polarity Rank ReplyState Resolution ScopeAnswer Sourcing SpeakerKind Stance"),
            ("claims", "StatementKind TranslatedBy"),
            ("sources", "CaptureMethod OutletKind Precision Rights SourceKind SourceState"),
        )
        for name in names.split()
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "claims.api.schema.completed",
    ],
    "ENABLE_DJANGO_DEPLOY_CHECK": False,
}

# Whether editors may have the site fetch a page: its only outbound connection (sources/fetching.py).
CAPTURE_FETCH = env.boolean("CAPTURE_FETCH", default=False)

# Mail: what waits at the desk, and what came of readers' reports. `check --deploy` refuses a public site that shows it
# on the console or writes it into files; MAIL=off says that none is wanted.
MAIL = env.choice("MAIL", ("console", "file", "smtp", "off"), "console")
MAILERS = {"default": env.mailer(MAIL)}
DEFAULT_FROM_EMAIL = env.text("MAIL_FROM", "Rashomon <rashomon@localhost>")
SILENCED_SYSTEM_CHECKS = ["mail.E001"] if MAIL == "off" else []

LOG_LEVEL = env.choice("LOG_LEVEL", ("DEBUG", "INFO", "WARNING", "ERROR"), "INFO")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "class": "config.logs.LineFormatter",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        },
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        "django": {"handlers": [], "level": LOG_LEVEL, "propagate": True},
        # At DEBUG it writes down whole contexts, and so drafts and private notes, for each variable that is not there.
        "django.template": {"level": "INFO"},
    },
}
