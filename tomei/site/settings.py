"""The one settings file. Everything an operator sets comes from the environment; the rest is set in pages."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("TOMEI_DATA", "data")).resolve()
DEMO = os.environ.get("TOMEI_DEMO") == "1"
TOMEI_URL = os.environ.get("TOMEI_URL", "http://127.0.0.1:8000").rstrip("/")
TOMEI_HOST = os.environ.get("TOMEI_HOST", "")  # names the house where host names change by themselves
TOMEI_PROXIES = [part for part in os.environ.get("TOMEI_PROXIES", "").split(",") if part]
TOMEI_PRIVATE_NETWORKS = [part for part in os.environ.get("TOMEI_PRIVATE_NETWORKS", "").split(",") if part]
TOMEI_DEADMAN_URL = os.environ.get("TOMEI_DEADMAN_URL", "")
TOMEI_MAIL_URL = os.environ.get("TOMEI_MAIL_URL", "")  # smtp://user:password@host:587/?from=support@example.com
DEBUG = False
ALLOWED_HOSTS = ["*"]  # links are built from TOMEI_URL, never from Host


def _key(name: str) -> str:
    """Read a key from the data folder, making it (0600) the first time."""
    DATA.mkdir(parents=True, exist_ok=True)
    path = DATA / name
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(48))
    return path.read_text().strip()


SECRET_KEY = os.environ.get("TOMEI_SECRET_KEY") or _key("secret.key")


def _database(url: str) -> dict[str, Any]:
    """`postgresql://user:password@host:5432/name?sslmode=…` or empty for SQLite in the data folder."""
    if not url or url.startswith("sqlite"):
        path = url.removeprefix("sqlite://").removeprefix("/") if url else ""
        return {
            "ENGINE": "tomei.site.database",
            "NAME": f"/{path}" if path else str(DATA / "tomei.sqlite3"),
            "CONN_MAX_AGE": None,
            "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 10},
            "TEST": {"NAME": os.environ.get("TOMEI_TEST_SQLITE") or None},
        }
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise SystemExit(f"DATABASE_URL: {parts.scheme!r} is not known; use postgresql://user:password@host:5432/name")
    suffix = os.environ.get("TOMEI_TEST_SUFFIX", "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "tomei",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": parts.port or 5432,
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": dict(parse_qsl(parts.query)),
        "TEST": {"NAME": f"test_tomei{suffix}"},
    }


DATABASES = {"default": _database(os.environ.get("DATABASE_URL", ""))}
TOMEI_EVIDENCE_QUOTA = int(float(os.environ.get("TOMEI_EVIDENCE_QUOTA_GB", "5")) * 1024**3)  # of each organisation
TOMEI_EVIDENCE_DAYS = int(os.environ.get("TOMEI_EVIDENCE_DAYS", "180"))  # after the incident was closed
TOMEI_DISK_FLOOR = int(float(os.environ.get("TOMEI_DISK_FLOOR_GB", "2")) * 1024**3)  # kept free when evidence comes
SYNCHRONOUS = os.environ.get("TOMEI_SYNCHRONOUS", "FULL").upper()  # SQLite only: FULL, or NORMAL (see docs/operate.md)

FEATURES = [
    "accounts",
    "clock",
    "live",
    "files",
    "search",
    "customers",
    "delivery",
    "promises",
    "oncall",
    "cases",
    "signals",
    "comms",
    "diagnosis",
    "integrations",
    "room",
    "web",
    "api",
    "site",
]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "allauth",
    "allauth.account",
    "tomei.ui",
    *[f"tomei.{name}" for name in FEATURES],
]
AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "tomei.site.middleware.SecurityHeaders",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "tomei.site.middleware.Reader",
    "tomei.accounts.sessions.Seen",
    "tomei.site.middleware.SignInFirst",
    "tomei.site.middleware.Numbers",
    "tomei.site.middleware.Answers",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
ROOT_URLCONF = "tomei.site.urls"
WSGI_APPLICATION = "tomei.site.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [ROOT / "ui" / "templates", *[ROOT / name / "templates" for name in FEATURES]],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "tomei.ui.environment.environment",
            "context_processors": ["tomei.ui.context.page"],
        },
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "accounts" / "allauth_templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tomei.ui.context.page",
            ]
        },
    },
]

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_ADAPTER = "tomei.accounts.adapter.Adapter"
ACCOUNT_FORMS = {
    "login": "tomei.accounts.forms.Login",
    "reset_password": "tomei.accounts.forms.ResetPassword",
    "user_token": "tomei.accounts.forms.UserToken",
}
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # nothing is mailed to an address that is not one of ours
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_GET = False
LOGIN_URL = "/account/login/"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/account/login/"
EMAIL_BACKEND = "tomei.delivery.backend.OutboxBackend"
DEFAULT_FROM_EMAIL = "tomei@localhost"

LANGUAGE_CODE = "en"
LANGUAGES = [("ja", "日本語"), ("en", "English")]
LOCALE_PATHS = [ROOT / "ui" / "locale", *[ROOT / name / "locale" for name in FEATURES]]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

_secure = TOMEI_URL.startswith("https://")
SESSION_COOKIE_NAME = "tomei_session"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _secure
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 14 * 86400
CSRF_COOKIE_NAME = "tomei_csrf"
CSRF_TRUSTED_ORIGINS = [TOMEI_URL]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TOMEI_PROXIES else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31536000 if _secure else 0
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "tomei.site.front.static.VersionedStorage"},
}
STATICFILES_DIRS = [ROOT / "ui" / "static"]

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("TOMEI_LOG", "WARNING")},
}
SILENCED_SYSTEM_CHECKS: list[str] = []
