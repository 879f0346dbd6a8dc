"""What a first sync would do, added up bill by bill before anything is sent (BEHAVIOUR §3, §9).

A tally turns into plain JSON values and back, so that the work can go on where it stopped. Sums are minor units by
currency: {"CAD": [documents, cents]}.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from syncengine.domain.documents import Blocked, DocumentLine, InvoiceDocument, StandingInvoice
from syncengine.domain.mapping.contact_forms import fold, without_id
from syncengine.domain.mapping.wording import number_text
from syncengine.domain.money import round_half_up, to_cents
from syncengine.domain.records import BillRecord, LineRecord
from syncengine.domain.rules import Account, Rules

SAMPLES: Final = 3
_EXAMPLES: Final = 5
_LINES_SHOWN: Final = 6
_LINKED_SHOWN: Final = 20

Sums = dict[str, list[int]]


@dataclass(slots=True)
class Tally:
    """What was added up so far."""

    looked_at: int = 0
    contacts_new: int = 0
    contacts_linked: int = 0
    #: Name and e-mail of some of the contacts that are linked.
    linked_names: list[list[str]] = field(default_factory=list)
    #: Clients whose contact would be refused: their bills wait.
    refused_clients: list[int] = field(default_factory=list)
    #: Bills by id whose number stands in Xero already: "linked" where it is this bill, else "taken".
    standing: dict[str, str] = field(default_factory=dict)
    invoices: Sums = field(default_factory=dict)
    drafts: int = 0
    invoices_linked: Sums = field(default_factory=dict)
    #: Bills that stand in Xero by an earlier sync.
    in_xero: int = 0
    paid: Sums = field(default_factory=dict)
    credited: Sums = field(default_factory=dict)
    left_out: dict[str, int] = field(default_factory=dict)
    waiting: dict[str, int] = field(default_factory=dict)
    #: Bills by "tax|Clio's per cent|Xero's rate|its per cent" where the two percentages differ.
    other_rates: dict[str, int] = field(default_factory=dict)
    causes: dict[str, dict[str, Any]] = field(default_factory=dict)
    samples: list[dict[str, Any]] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """As plain values."""
        return {one.name: getattr(self, one.name) for one in dataclasses.fields(self)}

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> "Tally":
        """From what `as_dict` gave; nothing is a tally without anything in it."""
        return cls(**plain)

    def create(self, *, bill: BillRecord, sample: dict[str, Any]) -> None:
        """A bill becomes an invoice."""
        _add(self.invoices, bill.currency, bill.due)
        self.drafts += not bill.is_approved
        self._add_money(bill)
        keep_sample(self.samples, sample)

    def link(self, *, bill: BillRecord) -> None:
        """The bill's invoice stands in Xero already and is linked."""
        _add(self.invoices_linked, bill.currency, bill.due)
        self._add_money(bill)

    def meet(self, *, name: str, email: str) -> None:
        """A client stands in Xero already and is linked."""
        self.contacts_linked += 1
        if len(self.linked_names) < _LINKED_SHOWN:
            self.linked_names.append([name, email])

    def hold(self, *, kind: str, name: str, why: Blocked, bill: BillRecord | None = None) -> None:
        """Something would be blocked or refused; what has one cause counts together."""
        key = f"{kind}:{why.code}:{why.field or why.cause}"
        cause = self.causes.setdefault(
            key,
            {
                "kind": kind,
                "code": why.code,
                "field": why.field,
                "message": why.message,
                "remedy": why.remedy,
                "count": 0,
                "examples": [],
                "sums": {},
            },
        )
        cause["count"] += 1
        if len(cause["examples"]) < _EXAMPLES:
            cause["examples"].append(name)
        if bill is not None:
            _add(cause["sums"], bill.currency, bill.due)

    def _add_money(self, bill: BillRecord) -> None:
        if not bill.is_approved:
            return
        for sums, amount in ((self.paid, bill.paid), (self.credited, bill.credits_issued)):
            if amount > 0:
                _add(sums, bill.currency, amount)


def count(into: dict[str, int], name: str) -> None:
    """Count one more of this name."""
    into[name] = into.get(name, 0) + 1


def _add(sums: Sums, currency: str, amount: Decimal) -> None:
    entry = sums.setdefault(currency, [0, 0])
    entry[0] += 1
    entry[1] += to_cents(round_half_up(amount))


def stands_for(*, bill: BillRecord, standing: StandingInvoice, url: str) -> bool:
    """Whether an invoice with the bill's number would be linked: it points to the bill, or it says the same.

    The contact is compared by name here, since clients are linked only when the sync begins.
    """
    if standing.url and standing.url == url:
        return True
    names = {fold(standing.contact_name), fold(without_id(name=standing.contact_name, clio_id=bill.client_id or 0))}
    said = (standing.date, standing.currency, standing.total)
    return fold(bill.client_name) in names and said == (bill.issued_at, bill.currency, bill.due)


def refused_line(*, document: InvoiceDocument, rules: Rules) -> Blocked | None:
    """Give what Xero would refuse on a document: a tax on an account of a class that does not take it (X 6.22)."""
    by_code = {account.code: account for account in rules.accounts.values() if account.code}
    for line in document.lines:
        account, rate = by_code.get(line.account_code), rules.tax_rates.get(line.tax_type)
        if account and rate and not rate.suits(account.account_class):
            return Blocked(
                code="tax_not_for_account",
                message=f"Xero does not take {rate.name} on {account.label}",
                remedy="Choose an account that takes the tax (a revenue account does), or another tax rate.",
                cause=f"{account.account_id}:{rate.tax_type}",
            )
    return None


def other_rates(*, bill: BillRecord, rules: Rules) -> list[str]:
    """Give the taxes of a bill whose percentage is not that of the Xero rate chosen for them.

    Clio may list many rates, and a line says only which of its two taxes are on it. Their amounts are sent as Clio
    states them; which Xero rate they are reported under is for a person to look at.
    """
    chosen = (
        ("primary", bill.tax_rate, rules.tax_primary),
        ("secondary", bill.secondary_tax_rate, rules.tax_secondary),
    )
    found = []
    for name, per_cent, tax_type in chosen:
        rate = rules.tax_rates.get(tax_type)
        if per_cent and rate and rate.effective_rate != per_cent:
            found.append("|".join([name, number_text(per_cent), rate.name, number_text(rate.effective_rate)]))
    return found


# Samples --------------------------------------------------------------------------------------------------------------


def keep_sample(samples: list[dict[str, Any]], sample: dict[str, Any]) -> None:
    """Keep three samples that differ: one of a shape that is not there yet comes before one more of the same."""
    shapes = [one["shape"] for one in samples]
    if sample["shape"] in shapes:
        if len(samples) < SAMPLES:
            samples.append(sample)
        return
    twice = next((place for place, shape in enumerate(shapes) if shapes.count(shape) > 1), None)
    if len(samples) < SAMPLES:
        samples.append(sample)
    elif twice is not None:
        samples[twice] = sample


def sample_of(
    *, bill: BillRecord, lines: Sequence[LineRecord], document: InvoiceDocument, rules: Rules
) -> dict[str, Any]:
    """Set a bill beside its invoice as it would look in Xero, as plain values; amounts are text in its currency."""
    by_id = {str(line.id): line for line in lines}
    by_code = {account.code: account for account in rules.accounts.values() if account.code}
    pairs = [_pair(line, by_id, by_code, rules) for line in document.lines]
    net = sum((line.amount for line in document.lines if line.amount is not None), Decimal(0))
    return {
        "shape": _shape(bill, document),
        "clio_id": bill.id,
        "client_id": bill.client_id,
        "client": bill.client_name,
        "number": document.number,
        "state": bill.state,
        "currency": document.currency,
        "clio": {
            "issued": bill.issued_at.isoformat() if bill.issued_at else "",
            "due_on": bill.due_at.isoformat() if bill.due_at else "",
            "matters": list(bill.matters),
            "net": f"{bill.due - bill.total_tax:.2f}",
            "tax": f"{bill.total_tax:.2f}",
            "total": f"{bill.due:.2f}",
        },
        "xero": {
            "contact": bill.client_name,
            "date": document.date.isoformat(),
            "due_on": document.due_date.isoformat(),
            "reference": document.reference,
            "status": document.status,
            "net": f"{net:.2f}",
            "tax": f"{document.total_tax:.2f}",
            "total": f"{document.total:.2f}",
        },
        "lines": pairs[:_LINES_SHOWN],
        "more_lines": max(0, len(pairs) - _LINES_SHOWN),
    }


def _shape(bill: BillRecord, document: InvoiceDocument) -> str:
    """What makes a sample worth showing beside another one: its kinds of lines, taxes and currency."""
    codings = {line.coding.rpartition(":")[2] + line.account_code for line in document.lines}
    return "/".join([*sorted(codings), "discount" if bill.discount else "", bill.currency])


def _price(value: Decimal) -> str:
    """A unit price with cents, and with the further places that it has."""
    cents = f"{value:.2f}"
    return cents if Decimal(cents) == value else number_text(value)


def _pair(
    line: DocumentLine, by_id: Mapping[str, LineRecord], by_code: Mapping[str, Account], rules: Rules
) -> dict[str, Any]:
    key, _, part = line.key.partition(":")
    source = by_id.get(key) if not part else None
    rate = rules.tax_rates.get(line.tax_type)
    account = by_code.get(line.account_code)
    return {
        "what": "line" if source else "interest" if key == "interest" else "discount" if line.amount else "text",
        "clio_text": (source.note or source.description) if source else "",
        "clio_figures": f"{number_text(source.quantity)} × {source.price:.2f}" if source else "",
        "clio_amount": f"{source.total:.2f}" if source else "",
        "text": line.description,
        "figures": f"{number_text(line.quantity)} × {_price(line.unit_amount)}"
        if line.quantity is not None and line.unit_amount is not None
        else "",
        "account": account.label if account else line.account_code,
        "tax": rate.name if rate else line.tax_type,
        "amount": f"{line.amount:.2f}" if line.amount is not None else "",
    }
