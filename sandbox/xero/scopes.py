"""The scopes that an app can ask for: the granular ones alone (X 9.8)."""

_RESOURCES = (
    "accounting.invoices",
    "accounting.payments",
    "accounting.banktransactions",
    "accounting.manualjournals",
    "accounting.contacts",
    "accounting.settings",
    "accounting.attachments",
    "accounting.budgets",
)
KNOWN = frozenset(
    ["openid", "profile", "email", "offline_access", *_RESOURCES, *(f"{name}.read" for name in _RESOURCES)]
)


def unknown(asked: list[str]) -> list[str]:
    """Those that Xero refuses, the broad ones of older apps among them (accounting.transactions)."""
    return [scope for scope in asked if scope not in KNOWN]
