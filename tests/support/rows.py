"""Rows of a firm, written straight into the database, for tests of what pages make of them. Call inside the scope."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from accounts.models import Firm
from syncengine.models import Connection, FirmSync, Link, ReferenceList, Service, Snapshot, SyncError, SyncSettings

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)

#: code, name, type, class; the AccountID is "acc-CODE".
_ACCOUNTS = (
    ("090", "Operating account", "BANK", "ASSET"),
    ("200", "Sales", "REVENUE", "REVENUE"),
    ("201", "Legal fees", "SALES", "REVENUE"),
    ("270", "Interest income", "OTHERINCOME", "REVENUE"),
    ("310", "Disbursements recovered", "DIRECTCOSTS", "EXPENSE"),
    ("429", "General expenses", "EXPENSE", "EXPENSE"),
    ("620", "Client costs advanced", "CURRENT", "ASSET"),
    ("820", "GST", "CURRLIAB", "LIABILITY"),
)
_RATES = (("NONE", "Tax Exempt", "0"), ("OUTPUT", "HST on sales", "13"), ("TAX007", "PST on sales", "7"))


def connect(firm: Firm, *, clio_since: datetime | None = datetime(2016, 5, 2, tzinfo=UTC)) -> None:
    """Tie the firm to a Clio account and a Xero organisation, without any login."""
    for service, region in ((Service.CLIO, "ca"), (Service.XERO, "")):
        Connection.objects.create(
            service=service,
            region=region,
            remote_id=f"{service}-of-{firm.pk}",
            name=f"{firm.name} in {service.label}",
            remote_created_at=clio_since if service == Service.CLIO else None,
            connected_at=NOW - timedelta(days=40),
            last_good_call_at=NOW - timedelta(minutes=2),
        )


def account(code: str, name: str, kind: str, cls: str, **more: Any) -> dict[str, Any]:
    """One account as the reference list holds it."""
    return {
        "account_id": f"acc-{code}",
        "code": code,
        "name": name,
        "type": kind,
        "account_class": cls,
        "status": "ACTIVE",
        "tax_type": "",
        "currency": "CAD",
        "takes_payments": False,
        "system_account": "GST" if name == "GST" else "",
        **more,
    }


def keep_lists(*, refreshed_at: datetime, accounts: tuple[dict[str, Any], ...] = ()) -> None:
    """Keep a chart (and further `accounts`), tax rates, an organisation with Clio's taxes, and some categories."""
    payloads: dict[str, Any] = {
        "accounts": [*(account(*row) for row in _ACCOUNTS), *accounts],
        "tax_rates": [
            {
                "tax_type": tax_type,
                "name": name,
                "status": "ACTIVE",
                "effective_rate": rate,
                "can_apply_to_revenue": True,
                "can_apply_to_expenses": True,
            }
            for tax_type, name, rate in _RATES
        ],
        "organisation": {
            "name": "Hale & Partners",
            "base_currency": "CAD",
            "clio_tax": {"primary": "13", "secondary": "7", "names": {"primary": "HST", "secondary": "PST"}},
        },
        "categories": [
            {"id": 11, "kind": "service", "name": "Advice", "xero_code": ""},
            {"id": 12, "kind": "service", "name": "Court appearance", "xero_code": "201"},
            {"id": 21, "kind": "expense", "name": "Couriers", "xero_code": "999"},
            {"id": 22, "kind": "expense", "name": "Filing fees", "xero_code": ""},
        ],
    }
    for name, payload in payloads.items():
        ReferenceList.objects.update_or_create(
            name=name, defaults={"payload": payload, "digest": "d", "refreshed_at": refreshed_at}
        )


def configure(**changes: Any) -> SyncSettings:
    """Save settings with which bills can be sent, and make the firm one that has synced."""
    values = {
        "export_bills": True,
        "time_entries_account": "acc-200",
        "expenses_account": "acc-310",
        "tax_none": "NONE",
        "tax_primary": "OUTPUT",
        "version": 3,
        "saved_at": NOW - timedelta(days=1),
        **changes,
    }
    FirmSync.objects.get_or_create(
        defaults={"due_at": NOW + timedelta(minutes=4), "first_sync_done_at": NOW - timedelta(days=1)}
    )
    return SyncSettings.objects.create(**values)


def bill(clio_id: int, *, state: str = "in_step", client_id: int = 501, **more: Any) -> Link:
    """A bill with its snapshot; in step with an invoice of the same amount unless told otherwise."""
    in_xero = state == "in_step"
    values = {
        "xero_id": f"inv-{clio_id}" if in_xero else None,
        "number": str(clio_id),
        "title": "Alder Holdings Ltd",
        "dated": date(2026, 1, 1) + timedelta(days=clio_id % 300),
        "amount_minor": 10_000,
        "xero_amount_minor": 10_000 if in_xero else None,
        "currency": "CAD",
        "clio_state": "awaiting_payment",
        "xero_status": "AUTHORISED" if in_xero else "",
        **more,
    }
    Snapshot.objects.create(
        kind="bill",
        clio_id=clio_id,
        record={"id": clio_id, "client_id": client_id},
        digest="d",
        dirty=False,
        read_at=NOW,
    )
    return Link.objects.create(kind="invoice", clio_id=clio_id, state=state, **values)


def bills(count: int, *, first: int = 100_000) -> None:
    """Many bills at once, of all states, the first two thirds in step; one in ten waits for contact 501."""
    states = ("in_step",) * 20 + ("waiting",) * 3 + ("new", "blocked", "refused", "ignored", "out_of_range", "not_sent")
    rows = [(first + place, states[place % len(states)]) for place in range(count)]
    Snapshot.objects.bulk_create(
        Snapshot(
            kind="bill", clio_id=clio_id, record={"id": clio_id, "client_id": 501}, digest="d", dirty=False, read_at=NOW
        )
        for clio_id, _state in rows
    )
    Link.objects.bulk_create(
        Link(
            kind="invoice",
            clio_id=clio_id,
            state=state,
            xero_id=f"inv-{clio_id}" if state == "in_step" else None,
            number=str(clio_id),
            title=f"Client {clio_id % 97}",
            dated=date(2025, 1, 1) + timedelta(days=clio_id % 600),
            amount_minor=clio_id % 5_000 * 7,
            xero_amount_minor=clio_id % 5_000 * 7 if state == "in_step" else None,
            currency="CAD" if clio_id % 11 else "USD",
            clio_state="awaiting_payment",
            xero_status="AUTHORISED" if state == "in_step" else "",
        )
        for clio_id, state in rows
    )


def problem(
    kind: str, clio_id: int | None, *, code: str = "account_archived", cause: str = "acc-200", **more: Any
) -> SyncError:
    """An open sync error."""
    values = {
        "field": "time_entries_account",
        "message": "The account 200 – Sales, chosen for Time Entries, is archived in Xero",
        "remedy": "Restore the account in Xero, or choose another one on the settings page.",
        "first_seen_at": NOW - timedelta(hours=5),
        "last_seen_at": NOW - timedelta(minutes=5),
        **more,
    }
    return SyncError.objects.create(kind=kind, clio_id=clio_id, code=code, cause=cause, **values)


def contact_taken(clio_id: int, name: str, **more: Any) -> SyncError:
    """An open sync error of a contact whose name is taken in Xero, with its link."""
    Link.objects.create(kind="contact", clio_id=clio_id, state="refused", title=name)
    return problem(
        "contact",
        clio_id,
        code="contact_name_taken",
        cause="",
        field="",
        message=f"The contact {name} is already assigned to another contact",
        remedy="Link it to that contact, append its ID, or rename it in Clio.",
        xero_messages=[f"The contact name {name} is already assigned to another contact."],
        **more,
    )
