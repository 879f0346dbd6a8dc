"""Documents: what should stand in Xero; and standing documents: what does stand there, as last read.

Mapping makes documents or `Blocked`. A blocked record needs somebody (a sync error); a `Waiting` one needs only time or
another record (BEHAVIOUR §10).
"""

import dataclasses
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Literal

from syncengine.domain.records import as_dict, digest_of

InvoiceStatus = Literal["DRAFT", "SUBMITTED", "AUTHORISED"]


@dataclass(frozen=True, slots=True)
class Blocked:
    """Why a record cannot become a document now. `cause` groups records with one cause (the same archived account).

    `code` is stable and part of the public surface; `message` is in plain words; `remedy` says what to do.
    """

    code: str
    message: str
    remedy: str
    field: str = ""
    cause: str = ""
    details: Mapping[str, Any] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Waiting:
    """The record waits for another record, a limit or a date; nobody has to do anything."""

    code: Literal[
        "waiting_for_contact",
        "waiting_for_invoice",
        "period_locked",
        "changed_meanwhile",
        "listed_twice",
        "review",
        "limits",
    ]
    message: str


@dataclass(frozen=True, slots=True)
class ContactDocument:
    """A contact as it should stand in Xero. `fields` holds what merging settled, in Xero's own names and nesting.

    Without a `contact_number` the one that stands there, if any, is left alone.
    """

    contact_number: str
    name: str
    fields: Mapping[str, Any]
    contact_id: str | None = None

    @property
    def digest(self) -> str:
        """Digest over everything that is sent."""
        return digest_of([self.contact_number, self.name, dict(self.fields)])


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """One line of an invoice. `key` names the Clio line(s) it comes from, e.g. "31001", "31001:discount", "interest".

    A text-only line has no account, quantity or amount. `amount` = quantity × unit_amount to the cent, before tax.
    `tax_amount` is set only where Xero's own arithmetic would differ from Clio's (BEHAVIOUR §5, Tax).
    `record_digest` is the digest of the Clio line; `coding` is what decides account and tax (kind, category, tax
    case): a changed line whose coding did not change keeps what a bookkeeper chose in Xero.
    """

    key: str
    description: str
    quantity: Decimal | None = None
    unit_amount: Decimal | None = None
    amount: Decimal | None = None
    account_code: str = ""
    tax_type: str = ""
    tax_amount: Decimal | None = None
    line_item_id: str = ""
    tracking: tuple[Mapping[str, Any], ...] = ()
    record_digest: str = ""
    coding: str = ""


@dataclass(frozen=True, slots=True)
class InvoiceDocument:
    """A sales invoice as it should stand in Xero; amounts in `currency`. `total` is Clio's `due`, tax included."""

    number: str
    reference: str
    contact_id: str
    date: dt.date
    due_date: dt.date
    currency: str
    url: str
    status: InvoiceStatus
    lines: tuple[DocumentLine, ...]
    total: Decimal
    total_tax: Decimal
    invoice_id: str | None = None
    #: Whether the status goes further than the one that stands: only then is it sent (BEHAVIOUR §5).
    advances: bool = True

    @property
    def digest(self) -> str:
        """Digest over everything that stands afterwards, without the ids that Xero gave."""
        plain = as_dict_of_invoice(self)
        del plain["invoice_id"], plain["advances"]
        for line in plain["lines"]:
            del line["line_item_id"]
        return digest_of(plain)


def as_dict_of_invoice(document: InvoiceDocument) -> dict[str, Any]:
    """Give an invoice as plain JSON values."""
    plain = as_dict(_without_tracking(document))
    for line, source in zip(plain["lines"], document.lines, strict=True):
        line["tracking"] = [dict(option) for option in source.tracking]
    return plain


def _without_tracking(document: InvoiceDocument) -> InvoiceDocument:
    return replace(document, lines=tuple(replace(line, tracking=()) for line in document.lines))


@dataclass(frozen=True, slots=True)
class LinkedLine:
    """What a link remembers of one line that was sent."""

    line_item_id: str
    record_digest: str
    coding: str


@dataclass(frozen=True, slots=True)
class StandingLine:
    """A line as it stands in Xero; `tracking` as Xero gave it."""

    line_item_id: str
    description: str
    quantity: Decimal | None
    unit_amount: Decimal | None
    amount: Decimal | None
    account_code: str
    tax_type: str
    tax_amount: Decimal | None
    tracking: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class StandingCredit:
    """A credit note's part that is set against an invoice, as the invoice itself tells of it (X 4.8)."""

    credit_note_id: str
    number: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class StandingPayment:
    """A payment as it stands in Xero (X 3.6). What an invoice tells of it has neither account nor marks (X 4.8)."""

    payment_id: str
    invoice_id: str
    amount: Decimal
    date: dt.date | None
    reference: str = ""
    account_id: str = ""
    status: str = "AUTHORISED"
    reconciled: bool = False
    batch_id: str = ""

    @property
    def is_live(self) -> bool:
        """Whether it still counts."""
        return self.status != "DELETED"


@dataclass(frozen=True, slots=True)
class StandingAllocation:
    """A part of a credit note that is set against an invoice."""

    allocation_id: str
    invoice_id: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class StandingCreditNote:
    """A credit note as it stands in Xero."""

    credit_note_id: str
    number: str
    status: str
    contact_id: str
    total: Decimal
    allocations: tuple[StandingAllocation, ...] = ()

    @property
    def is_live(self) -> bool:
        """Whether it still counts in the books."""
        return self.status not in {"VOIDED", "DELETED"}


@dataclass(frozen=True, slots=True)
class StandingInvoice:
    """An invoice as it stands in Xero, as last read or as Xero answered.

    `payments` and `credits` are all that stand on it, whoever entered them.
    """

    invoice_id: str
    number: str
    status: str
    contact_id: str
    contact_name: str
    date: dt.date | None
    due_date: dt.date | None
    currency: str
    url: str
    reference: str
    total: Decimal
    amount_due: Decimal
    amount_paid: Decimal
    amount_credited: Decimal
    lines: tuple[StandingLine, ...] = ()
    payments: tuple[StandingPayment, ...] = ()
    credits: tuple[StandingCredit, ...] = ()
    #: Whether the amounts of the lines include tax, as they may on an invoice that somebody entered by hand.
    tax_included: bool = False

    @property
    def is_live(self) -> bool:
        """Whether it still counts in the books: neither voided nor deleted."""
        return self.status not in {"VOIDED", "DELETED"}

    @property
    def is_approved(self) -> bool:
        """Whether payments and credits may be put on it."""
        return self.status in {"AUTHORISED", "PAID"}

    @property
    def gross(self) -> dict[str, Decimal]:
        """What the invoice holds of each tax type, tax included."""
        found: dict[str, Decimal] = {}
        for line in self.lines:
            if line.amount is not None:
                tax = Decimal(0) if self.tax_included else line.tax_amount or Decimal(0)
                found[line.tax_type] = found.get(line.tax_type, Decimal(0)) + line.amount + tax
        return found

    @property
    def is_settled_in_part(self) -> bool:
        """Whether anything was paid or credited on it."""
        return bool(self.amount_paid or self.amount_credited or self.payments or self.credits)


@dataclass(frozen=True, slots=True)
class StandingContact:
    """A contact as it stands in Xero; `fields` in Xero's own names and nesting, only what merging compares."""

    contact_id: str
    contact_number: str
    name: str
    email: str
    status: str
    merged_to: str = ""
    fields: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    @property
    def is_live(self) -> bool:
        """Whether documents can name it."""
        return self.status == "ACTIVE"
