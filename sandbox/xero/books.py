"""The books of one organisation: its settings, its tables and the one lock around them."""

import threading
from collections import deque
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID

from sandbox.clock import Clock
from sandbox.xero.entities import (
    DEAD,
    LIVE_SETTLED,
    Account,
    Allocation,
    Contact,
    Document,
    Note,
    Payment,
    TaxRate,
    TrackingCategory,
)
from sandbox.xero.table import Table
from sandbox.xero.values import folded


@dataclass(frozen=True, slots=True)
class Profile:
    """What an organisation is called and where it is."""

    name: str
    legal_name: str
    currency: str
    country: str
    version: str
    timezone: str
    short_code: str
    default_sales_tax: str
    plan: str = "PREMIUM"


@dataclass(frozen=True, slots=True)
class Event:
    """A change that a webhook tells of (X 13.1)."""

    category: str
    id: str
    type: str
    time: datetime
    data: dict[str, str] = field(default_factory=dict)


def _approved_month(row: Document) -> tuple[int, int] | None:
    if row.type != "ACCREC" or row.status not in LIVE_SETTLED:
        return None
    return row.date.year, row.date.month


def _number(row: Document) -> tuple[str, str] | None:
    return (row.type, folded(row.number)) if row.number else None


def _documents() -> Table[Document]:
    return Table(
        number=_number,
        bare_number=lambda row: folded(row.number) or None,
        contact=lambda row: row.contact_id,
        reference=lambda row: folded(row.reference) or None,
        approved_month=_approved_month,
    )


class Books:
    """One organisation. Everything that reads or writes it does so inside `lock`; nothing sleeps inside it."""

    def __init__(self, *, tenant_id: str, profile: Profile, clock: Clock, random: Random) -> None:
        self.tenant_id = tenant_id
        self.profile = profile
        self.lock = threading.RLock()
        self.clock = clock
        self._random = random
        self.created = clock.now()
        self.currencies: dict[str, tuple[str, Decimal]] = {}
        self.period_lock: date | None = None
        self.year_lock: date | None = None
        self.voided_numbers_held = True
        self.approved_per_month: int | None = None
        self.tax_rates: dict[str, TaxRate] = {}
        self.tracking: list[TrackingCategory] = []
        self.accounts: Table[Account] = Table(
            code=lambda row: folded(row.code) or None, name=lambda row: folded(row.name)
        )
        self.contacts: Table[Contact] = Table(
            name=lambda row: folded(row.name) if row.status == "ACTIVE" else None,
            any_name=lambda row: folded(row.name),
            number=lambda row: folded(row.number) or None,
            email=lambda row: folded(row.email) or None,
        )
        self.invoices = _documents()
        self.credit_notes = _documents()
        self.bank_transactions = _documents()
        self.payments: Table[Payment] = Table(
            document=lambda row: row.document_id,
            reference=lambda row: folded(row.reference) or None,
            batch=lambda row: row.batch_id or None,
        )
        self.allocations: Table[Allocation] = Table(
            credit_note=lambda row: row.credit_note_id, invoice=lambda row: row.invoice_id
        )
        self.history: dict[str, list[Note]] = {}
        self.events: deque[Event] = deque(maxlen=10_000)
        self._next_number = {"ACCREC": 1, "ACCRECCREDIT": 1}

    def new_id(self) -> str:
        """A fresh id, the same ones in the same order for the same seed."""
        return str(UUID(int=self._random.getrandbits(128), version=4))

    def now(self) -> datetime:
        """The stand-in's time; what changes gets it as UpdatedDateUTC."""
        return self.clock.now()

    def next_number(self, document_type: str) -> str:
        """The next automatic number of an invoice (INV-0001) or credit note (CN-0001) that is free."""
        prefix = "INV" if document_type == "ACCREC" else "CN"
        table = self.table_of(document_type)
        while True:
            number = f"{prefix}-{self._next_number[document_type]:04d}"
            self._next_number[document_type] += 1
            if not table.count("number", (document_type, folded(number))):
                return number

    def table_of(self, document_type: str) -> Table[Document]:
        """The table that holds documents of a type."""
        if document_type.endswith("CREDIT"):
            return self.credit_notes
        return self.invoices if document_type.startswith("ACC") else self.bank_transactions

    def number_holder(self, document_type: str, number: str, *, besides: str = "") -> Document | None:
        """The document that has this number: a live one first, a voided or deleted one while these keep theirs."""
        rows = [
            row
            for row in self.table_of(document_type).find("number", (document_type, folded(number)))
            if row.id != besides and (self.voided_numbers_held or row.status not in DEAD)
        ]
        return min(rows, key=lambda row: row.status in DEAD, default=None)

    def account_by_code(self, code: str) -> Account | None:
        """The account of a code, archived ones too."""
        return next(iter(self.accounts.find("code", folded(code))), None) if code else None

    def note(self, document_id: str, changes: str, details: str, user: str = "System Generated") -> None:
        """Add to a document's history."""
        self.history.setdefault(document_id, []).append(Note(details, changes, user, self.now()))

    def tell(self, category: str, row_id: str, *, created: bool, **data: str) -> None:
        """Keep a change for the webhooks."""
        self.events.append(Event(category, row_id, "CREATE" if created else "UPDATE", self.now(), data))

    def lock_of(self, day: date) -> tuple[str, date] | None:
        """The lock date that covers a day: ("period" or "end of year", the date); a day on the lock date is locked."""
        if self.year_lock is not None and day <= self.year_lock:
            return "end of year", self.year_lock
        if self.period_lock is not None and day <= self.period_lock:
            return "period", self.period_lock
        return None

    def tracking_names(self, category_id: str, option_id: str) -> dict[str, Any]:
        """A line's tracking as Xero shows it."""
        category = next(row for row in self.tracking if row.id == category_id)
        return {
            "Name": category.name,
            "Option": dict(category.options)[option_id],
            "TrackingCategoryID": category_id,
            "TrackingOptionID": option_id,
        }
