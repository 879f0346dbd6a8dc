"""Django's settings, all from the environment; README has the table of variables, `environment` checks them."""

import os
import sys
from pathlib import Path
from urllib.parse import urlsplit

import django_stubs_ext
import environ
import sentry_sdk
from csp.constants import NONE, SELF

from clioxero import addresses
from clioxero.environment import EnvironmentProblem, load

try:
    ENVIRONMENT = load(os.environ)
except EnvironmentProblem as problem:
    sys.stderr.write(f"clioxero: {problem}\n")
    sys.exit(2)

# Lets generic classes of Django's that are generic only in their type stubs be written as such.
django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent

DEBUG = ENVIRONMENT.debug
SECRET_KEY = ENVIRONMENT.secret_key
ALLOWED_HOSTS = list(ENVIRONMENT.allowed_hosts)
BASE_URL = ENVIRONMENT.base_url
_HTTPS = BASE_URL.startswith("https://")

# Clio, Xero and this installation's own keys -------------------------------------------------------------------------

CLIO_APPS = ENVIRONMENT.clio_apps  # region ("us", "ca", "eu", "au") → OAuthApp(client_id, client_secret)
CLIO_URL = ENVIRONMENT.clio_url  # None: each region's own host
XERO_CLIENT_ID = ENVIRONMENT.xero_app.client_id
XERO_CLIENT_SECRET = ENVIRONMENT.xero_app.client_secret
XERO_WEBHOOK_KEY = ENVIRONMENT.xero_webhook_key
XERO_API_URL = ENVIRONMENT.xero_api_url
XERO_IDENTITY_URL = ENVIRONMENT.xero_identity_url
XERO_LOGIN_URL = ENVIRONMENT.xero_login_url
XERO_DAY_LIMIT = ENVIRONMENT.xero_day_limit  # calls an organisation a day
TOKEN_KEYS = list(ENVIRONMENT.token_keys)  # Fernet keys; the first encrypts, all decrypt
SUPPORT_MFA = ENVIRONMENT.support_mfa
SIGN_UP = ENVIRONMENT.sign_up  # off: only the operator makes firms

# Servers -------------------------------------------------------------------------------------------------------------

DATABASES = {"default": addresses.database(ENVIRONMENT, sys.argv)}
# The role that `migrate`, run as the owner, grants what the application needs; None where both are one.
DATABASE_APPLICATION_ROLE = (
    addresses.database_role(ENVIRONMENT.database_url)
    if ENVIRONMENT.database_url and addresses.runs_as_owner(ENVIRONMENT, sys.argv)
    else None
)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = ENVIRONMENT.redis_url  # as redis-py reads it
CELERY_BROKER_URL = addresses.celery_broker(REDIS_URL) if REDIS_URL else None
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL, "KEY_PREFIX": "cache"}
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}

# Applications --------------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "accounts",
    "syncengine",
    "sandbox",
    "clioxero",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "csp",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.middleware.CurrentFirmMiddleware",
]

ROOT_URLCONF = "clioxero.urls"
WSGI_APPLICATION = "clioxero.wsgi.application"

TEMPLATES = [
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

# People --------------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_FORMS = {
    "signup": "accounts.forms.sign_up.SignUpForm",
    "confirm_email_verification_code": "accounts.forms.sign_up.ProveAddressForm",
    "add_email": "accounts.forms.own_login.AddAddressForm",
    "reauthenticate": "accounts.forms.own_login.PasswordAgainForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
# Nobody gets in before their address is proven, by a code that is good in the browser that asked for it and nowhere
# else (docs/decisions/0007). Firms and invitations can then go by a login's address.
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_RATE_LIMITS = {"confirm_email": "3/10s/key,20/h/key"}  # by default the second of a double click is refused
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if _HTTPS else "http"
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
MFA_ADAPTER = "accounts.adapter.SecondStepAdapter"
MFA_FORMS = {
    "activate_totp": "accounts.forms.own_login.TurnOnForm",
    "authenticate": "accounts.forms.own_login.LoginCodeForm",
    "reauthenticate": "accounts.forms.own_login.CodeAgainForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "ClioXero"

# The browser ---------------------------------------------------------------------------------------------------------

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _HTTPS
SESSION_COOKIE_SAMESITE = "Lax"  # Strict would lose the session on the way back from Clio and Xero
CSRF_TRUSTED_ORIGINS = [BASE_URL]
SECURE_HSTS_SECONDS = 31_536_000 if _HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# Browsers hold redirects that follow a form to form-action too, and "Connect" is a form whose redirect leads there.
_CONSENT_PAGES = (
    addresses.origin(ENVIRONMENT.clio_url) if ENVIRONMENT.clio_url else "https://*.clio.com",
    "https://*.xero.com" if XERO_LOGIN_URL.endswith(".xero.com") else addresses.origin(XERO_LOGIN_URL),
)
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "base-uri": [NONE],
        "form-action": [SELF, *_CONSENT_PAGES],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    },
}

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEBUG
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage",
    },
}

# Language, time, mail, logs ------------------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

vars().update(environ.Env.email_url_config(ENVIRONMENT.email_url))  # EMAIL_BACKEND, EMAIL_HOST, …
EMAIL_TIMEOUT = 15  # seconds: somebody waits for the page
DEFAULT_FROM_EMAIL = SERVER_EMAIL = f"ClioXero <clioxero@{urlsplit(BASE_URL).hostname}>"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"()": "clioxero.logs.PlainFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.server": {"handlers": [], "level": "INFO", "propagate": True},
    },
}

if ENVIRONMENT.sentry_dsn:
    # Variables, bodies and breadcrumbs could carry names, figures and tokens; ids in messages are enough.
    sentry_sdk.init(
        dsn=ENVIRONMENT.sentry_dsn,
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
    )
