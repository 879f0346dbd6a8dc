"""The environment in which every test runs, whatever stands in the developer's own."""

import os

# Nothing of the product's own settings comes from outside, so that a shell set up for a real server changes no test.
_PRODUCT = (
    "ALLOWED_HOSTS",
    "EMAIL_URL",
    "SENTRY_DSN",
    "SUPPORT_MFA",
    "SIGN_UP",
    "CLIO_URL",
    "XERO_API_URL",
    "XERO_IDENTITY_URL",
    "XERO_LOGIN_URL",
    "XERO_DAY_LIMIT",
)
_REGIONS = ("CA", "EU", "AU", "US")


def prepare_environment() -> None:
    """Set what the settings need; the two servers' addresses come from `databases` and `caches`."""
    for name in (*_PRODUCT, *(f"CLIO_CLIENT_{part}_{region}" for part in ("ID", "SECRET") for region in _REGIONS)):
        os.environ.pop(name, None)
    os.environ.update(
        DJANGO_SETTINGS_MODULE="clioxero.settings",
        DEBUG="true",
        SECRET_KEY="secret-key-of-the-test-run",
        TOKEN_KEYS="dGhlLWtleS1vZi10aGUtdGVzdHMtMDAwMDAwMDAwMDA=",
        BASE_URL="http://localhost:8000",
        CLIO_CLIENT_ID="clio-demo",
        CLIO_CLIENT_SECRET="clio-demo-secret",
        XERO_CLIENT_ID="xero-demo",
        XERO_CLIENT_SECRET="xero-demo-secret",
        XERO_WEBHOOK_KEY="xero-webhook-key-of-the-tests",
    )
