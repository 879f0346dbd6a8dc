"""Control actions on the organisation: its chart, tax rates, currencies, lock dates, limits, connections, webhooks."""

from dataclasses import asdict, replace
from datetime import date
from typing import Any

from sandbox.control import ControlError
from sandbox.xero import accounts, settings_views
from sandbox.xero.desk import Action, Desk, amount
from sandbox.xero.entities import TaxRate
from sandbox.xero.grants import USERS
from sandbox.xero.scopes import KNOWN
from sandbox.xero.seeds import ALL_CLASSES, PURCHASE_CLASSES, SALES_CLASSES

_CLASSES_OF = {"OUTPUT": SALES_CLASSES, "INPUT": PURCHASE_CLASSES, "NONE": ALL_CLASSES}


def _set_account(**changes: str) -> Action:
    """An action that changes an account, named by `account` (id, code or name) or by `code`."""

    def act(desk: Desk, *, account: str = "", code: str = "") -> dict[str, Any]:
        return _change_account(desk, account or code, **changes)

    return act


def _change_account(desk: Desk, named: str, **changes: str) -> dict[str, Any]:
    return accounts.view(desk.books, accounts.change(desk.books, desk.account(named), changes))


def rename_account(desk: Desk, *, name: str, account: str = "", code: str = "") -> dict[str, Any]:
    """Give an account another name."""
    return _change_account(desk, account or code, Name=name)


def change_account_code(desk: Desk, *, account: str, code: str) -> dict[str, Any]:
    """Give an account another code; an empty one takes it away."""
    return _change_account(desk, account, Code=code)


def add_account(
    desk: Desk, *, name: str, code: str = "", kind: str = "REVENUE", tax_type: str = "NONE", payments: bool = False
) -> dict[str, Any]:
    """A new account; in Xero's pages it may be without a code. `kind` is Xero's account Type."""
    made = accounts.create(
        desk.books,
        {"Code": code or "~", "Name": name, "Type": kind, "TaxType": tax_type, "EnablePaymentsToAccount": payments},
    )
    return accounts.view(desk.books, accounts.put(desk.books, made, code=code))


def _set_rate(desk: Desk, tax_type: str, status: str) -> dict[str, Any]:
    rate = desk.books.tax_rates.get(tax_type)
    if rate is None:
        raise ControlError(f"tax_type: there is no {tax_type!r}")
    desk.books.tax_rates[tax_type] = replace(rate, status=status)
    return settings_views.tax_rate(desk.books.tax_rates[tax_type])


def add_tax_rate(desk: Desk, *, tax_type: str, name: str, rate: Any, kind: str = "OUTPUT") -> dict[str, Any]:
    """A tax rate of so many per cent; `kind` is OUTPUT (sales), INPUT (purchases) or NONE (both)."""
    if not tax_type or tax_type in desk.books.tax_rates:
        raise ControlError(f"tax_type: {tax_type or 'nothing'} is taken or empty")
    if kind not in _CLASSES_OF:
        raise ControlError(f"kind: {kind!r} is not one of {', '.join(_CLASSES_OF)}")
    made = TaxRate(tax_type=tax_type, name=name, rate=amount(rate), classes=_CLASSES_OF[kind], report_type=kind)
    desk.books.tax_rates[tax_type] = made
    return settings_views.tax_rate(made)


def enable_currency(desk: Desk, *, code: str, rate: Any = 1) -> dict[str, Any]:
    """Switch a currency on, at so many units for one of the base currency."""
    desk.books.currencies[code] = (code, amount(rate))
    return {"currencies": list(desk.books.currencies)}


def disable_currency(desk: Desk, *, code: str) -> dict[str, Any]:
    """Switch a currency off; the base currency stays on."""
    if code == desk.books.profile.currency:
        raise ControlError("code: the base currency cannot be switched off")
    desk.books.currencies.pop(code, None)
    return {"currencies": list(desk.books.currencies)}


def set_lock_dates(desk: Desk, *, period: str | None = None, year: str | None = None) -> dict[str, Any]:
    """Set both lock dates (ISO dates); one that is not given is taken away."""
    desk.books.period_lock = date.fromisoformat(period) if period else None
    desk.books.year_lock = date.fromisoformat(year) if year else None
    return {"period": period, "year": year}


def use_up_limits(desk: Desk, *, minute: int = 0, day: int = 0) -> dict[str, Any]:
    """Count calls that nobody made."""
    desk.throttle.use_up(desk.books.tenant_id, minute=minute, day=day, now=desk.books.now())
    return {"minute": minute, "day": day}


def grant(desk: Desk, *, scopes: list[str] | None = None, user: str = "", client: str = "xero-demo") -> dict[str, Any]:
    """Connect this organisation without the pages and answer tokens, for tests that are not about logging in."""
    person = next((one for one in USERS if one.email == user), USERS[0])
    asked = scopes or sorted(scope for scope in KNOWN if not scope.endswith(".read"))
    pair = desk.grants.grant(person, asked, [desk.books.tenant_id], desk.books.now(), client)
    return {"access_token": pair.access, "refresh_token": pair.refresh, "tenant_id": desk.books.tenant_id}


def set_webhook(desk: Desk, *, url: str, key: str = "", seconds: float | None = None) -> dict[str, Any]:
    """Where webhooks go, signed with which key, and how many seconds after a change by themselves."""
    desk.webhooks.point_to(url, key, seconds)
    return {"url": url, "seconds": seconds}


def webhook_bodies(desk: Desk) -> dict[str, Any]:
    """The webhooks that wait, with their signatures, for a test that hands them over itself."""
    bodies = desk.webhooks.bodies()
    return {"bodies": [{"body": body.decode(), "signature": desk.webhooks.sign(body)} for body in bodies]}


OUTSIDE_THE_LOCK = frozenset({"deliver_webhooks", "probe_webhook", "replay_webhook"})
"""What waits for the receiver, who may call the API meanwhile."""

SETTINGS_ACTIONS: dict[str, Action] = {
    "archive_account": _set_account(Status="ARCHIVED"),
    "activate_account": _set_account(Status="ACTIVE"),
    "unarchive_account": _set_account(Status="ACTIVE"),
    "rename_account": rename_account,
    "change_account_code": change_account_code,
    "remove_account_code": _set_account(Code=""),
    "add_account": add_account,
    "add_tax_rate": add_tax_rate,
    "archive_tax_rate": lambda desk, *, tax_type: _set_rate(desk, tax_type, "ARCHIVED"),
    "activate_tax_rate": lambda desk, *, tax_type: _set_rate(desk, tax_type, "ACTIVE"),
    "enable_currency": enable_currency,
    "disable_currency": disable_currency,
    "set_lock_dates": set_lock_dates,
    "set_limits": lambda desk, **limits: desk.set_limits(**limits),
    "use_up_limits": use_up_limits,
    "grant": grant,
    "disconnect": lambda desk: {"removed": desk.grants.remove_tenant(desk.books.tenant_id)},
    "expire_access_tokens": lambda desk: {"expired": desk.grants.end_access(desk.books.now())},
    "expire_refresh_tokens": lambda desk: {"expired": desk.grants.end_refresh()},
    "list_users": lambda _desk: {"users": [asdict(user) for user in USERS]},
    "set_webhook": set_webhook,
    "webhook_bodies": webhook_bodies,
    "deliver_webhooks": lambda desk: {"deliveries": [one.as_json() for one in desk.webhooks.deliver()]},
    "probe_webhook": lambda desk: {"deliveries": [one.as_json() for one in desk.webhooks.probe()]},
    "replay_webhook": lambda desk: {"deliveries": [one.as_json() for one in desk.webhooks.replay()]},
}
