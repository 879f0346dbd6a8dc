"""What was paid and credited on a bill: Clio's allocations, their documents in Xero, and what stands in Xero alone."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _

from syncengine.domain.money import from_cents
from syncengine.models import MONEY_KINDS, AllocationSnapshot, Link, XeroPayment
from syncengine.pages.addresses import Addresses
from syncengine.pages.bills import TONES
from syncengine.pages.wording import sentence

ON_INVOICES: Final = (*MONEY_KINDS, Link.Kind.INTEREST)
_LIVE: Final = "AUTHORISED"


@dataclass(frozen=True, slots=True)
class MoneyRow:
    """One payment or credit on a bill, in its currency. `is_unmatched`: it stands in Xero without one in Clio."""

    what: str
    dated: date | None
    amount: Decimal | None
    said: str
    state_words: str
    tone: str
    reason: str
    clio_id: int | None
    xero_words: str
    xero_url: str
    is_unmatched: bool = False


@dataclass(frozen=True, slots=True)
class Money:
    """Everything on one bill. `paid` and `credited` are what stands in Xero; None where that is not known."""

    rows: tuple[MoneyRow, ...]
    paid: Decimal | None
    credited: Decimal | None


def read_money(
    *,
    bill_id: int,
    invoice: Link | None,
    links: Sequence[Link],
    addresses: Addresses,
    reads_payments: bool,
    sends_credits: bool,
) -> Money:
    """Read what was paid and credited on a bill: two queries. `links` are those with the bill's id."""
    allocations = list(AllocationSnapshot.objects.filter(bill_id=bill_id).order_by("clio_id"))
    xero_id = (invoice.xero_id if invoice else "") or ""
    payments = list(XeroPayment.objects.filter(invoice_id=xero_id).order_by("dated", "pk")) if xero_id else []
    live = [payment for payment in payments if payment.status == _LIVE]
    teller = _Teller(links, addresses, xero_id)
    rows = [teller.allocation(row) for row in allocations if not _is_over(row, links)]
    rows += [teller.alone(link) for link in links if teller.is_alone(link, allocations)]
    credited = [link for link in links if link.kind == Link.Kind.ALLOCATION and link.xero_id is not None]
    ours = {link.xero_id for link in links if link.kind == Link.Kind.PAYMENT}
    rows += [teller.unmatched(payment) for payment in live if payment.payment_id not in ours]
    return Money(
        rows=tuple(rows),
        paid=_sum(payment.amount_minor for payment in live) if reads_payments or payments else None,
        credited=_sum(link.amount_minor or 0 for link in credited) if sends_credits or credited else None,
    )


def _sum(cents: Iterable[int]) -> Decimal:
    return from_cents(sum(cents))


def _is_over(row: AllocationSnapshot, links: Sequence[Link]) -> bool:
    """Voided or gone in Clio, and nothing of it stands in Xero: there is nothing left to tell."""
    over = row.gone or bool(row.record.get("voided"))
    return over and not any(link.clio_id == row.clio_id and link.xero_id for link in links)


class _Teller:
    """Tells payments and credits in words."""

    def __init__(self, links: Sequence[Link], addresses: Addresses, invoice_id: str) -> None:
        self.addresses, self.invoice_id = addresses, invoice_id
        self.links: dict[tuple[str, int], Link] = {(link.kind, link.clio_id): link for link in links}

    def allocation(self, row: AllocationSnapshot) -> MoneyRow:
        """A part of a payment or credit in Clio, with its document."""
        record: Mapping[str, Any] = row.record
        is_credit = record.get("parent_type") == "CreditMemo"
        kind = Link.Kind.CREDIT_NOTE if is_credit else Link.Kind.PAYMENT
        link = self.links.get((kind, row.clio_id)) or self.links.get((Link.Kind.ALLOCATION, row.clio_id))
        said = [str(record.get("said") or record.get("description") or "")]
        said += [_("from trust")] if record.get("from_trust") else []
        said += [_("voided or deleted in Clio")] if row.gone or record.get("voided") else []
        what = _("Credit") if is_credit else _("Online payment") if record.get("online") else _("Payment")
        amount, dated = record.get("amount"), record.get("date")
        return self._row(
            what,
            date.fromisoformat(dated) if dated else None,
            Decimal(str(amount)) if amount is not None else None,
            ", ".join(part for part in said if part),
            link,
            row.clio_id,
        )

    def is_alone(self, link: Link, allocations: Sequence[AllocationSnapshot]) -> bool:
        """Whether a link has no allocation that was read: interest, or what vanished in Clio."""
        known = {row.clio_id for row in allocations}
        return link.clio_id not in known and link.kind != Link.Kind.ALLOCATION

    def alone(self, link: Link) -> MoneyRow:
        """A document of ours whose allocation is not known here."""
        words = {
            Link.Kind.PAYMENT.value: _("Payment"),
            Link.Kind.CREDIT_NOTE.value: _("Credit"),
            Link.Kind.INTEREST.value: _("Interest, on an invoice of its own"),
        }
        amount = None if link.amount_minor is None else from_cents(link.amount_minor)
        return self._row(words.get(link.kind, link.kind), link.dated, amount, link.title, link, link.clio_id)

    def unmatched(self, payment: XeroPayment) -> MoneyRow:
        """A payment that somebody entered in Xero."""
        return MoneyRow(
            what=_("Payment"),
            dated=payment.dated,
            amount=from_cents(payment.amount_minor),
            said=payment.reference,
            state_words=_("In Xero only"),
            tone="waiting",
            reason=_("Payment in Xero with no match in Clio."),
            clio_id=None,
            xero_words=_("reconciled") if payment.reconciled else "",
            xero_url=self.addresses.in_xero(kind=Link.Kind.INVOICE, xero_id=self.invoice_id),
            is_unmatched=True,
        )

    def _row(  # noqa: PLR0917
        self, what: str, dated: date | None, amount: Decimal | None, said: str, link: Link | None, clio_id: int
    ) -> MoneyRow:
        state = Link.State(link.state) if link else Link.State.NOT_SENT
        kind, xero_id = (Link.Kind.INVOICE, self.invoice_id)
        if link is not None and link.kind != Link.Kind.PAYMENT:
            kind, xero_id = Link.Kind(link.kind), link.xero_id or ""
        return MoneyRow(
            what=what,
            dated=dated,
            amount=amount,
            said=said,
            state_words=str(state.label),
            tone=TONES.get(state, "quiet"),
            reason=sentence(link.reason or link.notice) if link else "",
            clio_id=clio_id,
            xero_words=link.natural_key if link and link.xero_id else "",
            xero_url=self.addresses.in_xero(kind=kind, xero_id=xero_id) if link and link.xero_id else "",
        )
