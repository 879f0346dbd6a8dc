"""Remedies for invoices: adopt the one that holds the number, or send the bill under a number of its own (§5)."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.audit import tell
from accounts.models import Firm, User
from syncengine.domain.adoption import renumbered
from syncengine.domain.documents import StandingInvoice
from syncengine.domain.money import round_half_up, to_cents
from syncengine.domain.ways import ADOPTABLE, RENUMBERABLE
from syncengine.engine.decisions import Act, decide
from syncengine.engine.desired import Bill, load_bills
from syncengine.engine.remedy.common import (
    Clock,
    RemedyError,
    bill_record,
    deciding,
    done,
    link_of,
    open_error,
    reading_xero,
)
from syncengine.models import Link, Snapshot, SyncError


@dataclass(frozen=True, slots=True)
class Candidate:
    """An invoice in Xero that holds the bill's number. `refusal` says why it cannot be adopted; empty: it can."""

    invoice: StandingInvoice
    refusal: str


@dataclass(frozen=True, slots=True)
class NumberHolders:
    """A bill and the invoices that hold its number, as they stand in Xero now."""

    bill: Bill
    number: str
    candidates: tuple[Candidate, ...]


def find_number_holders(*, firm: Firm, error_id: int, clock: Clock) -> NumberHolders:
    """Read from Xero, now, which invoices hold the number of a problem's bill.

    Raises:
        RemedyError: the problem is over, or Xero cannot be read now.
    """
    row = open_error(error_id, codes=ADOPTABLE)
    bill, number = _bill_and_number(row)
    with reading_xero(firm=firm, clock=clock) as xero:
        found = xero.invoices_by_numbers([number])
    return NumberHolders(bill, number, tuple(Candidate(one, refusal_of(invoice=one, bill=bill)) for one in found))


def refusal_of(*, invoice: StandingInvoice, bill: Bill) -> str:
    """Why an invoice cannot stand for a bill, in words; empty if it can."""
    if not invoice.is_live:
        return _("It is voided or deleted in Xero, so it counts for nothing.")
    other = Link.objects.filter(kind=Link.Kind.INVOICE, xero_id=invoice.invoice_id).exclude(clio_id=bill.record.id)
    taken_by = other.values_list("number", "clio_id").first()
    if taken_by:
        return _("It is the invoice of another bill, %(number)s.") % {"number": taken_by[0] or taken_by[1]}
    return ""


def adopt_invoice(*, firm: Firm, user: User, error_id: int, invoice_id: str, clock: Clock) -> str:
    """Link a bill to an invoice that stands in Xero, read anew now; give its number.

    Its lines stay as they are until the bill changes in Clio.

    Raises:
        RemedyError: the problem is over, Xero cannot be read, or the invoice is voided, deleted or another bill's.
    """
    row = open_error(error_id, codes=ADOPTABLE)
    bill, number = _bill_and_number(row)
    with reading_xero(firm=firm, clock=clock) as xero:
        found = xero.invoices_by_ids([invoice_id]) if invoice_id else []
    invoice = next((one for one in found if one.invoice_id == invoice_id), None)
    if invoice is None or invoice.number.casefold() != number.casefold():
        raise RemedyError(_("That invoice no longer holds this number in Xero. Look at it again; nothing was changed."))
    refusal = refusal_of(invoice=invoice, bill=bill)
    if refusal:
        raise RemedyError(_("The invoice cannot be adopted. %(why)s") % {"why": refusal})
    now = clock()
    with deciding():
        decide(
            link=bill.link,
            act=Act.ADOPT_INVOICE,
            user=user,
            words=_("Adopt invoice %(number)s as it stands in Xero.") % {"number": invoice.number},
            now=now,
            invoice_id=invoice.invoice_id,
            number=invoice.number,
            status=invoice.status,
            amount_minor=to_cents(invoice.total),
            record_digest=bill.digest,
            notice=_notice(bill, invoice, user),
        )
    done(firm=firm, user=user, action="invoice_adopted", detail={"clio_id": bill.record.id}, now=now)
    return invoice.number


def _notice(bill: Bill, invoice: StandingInvoice, user: User) -> str:
    due = round_half_up(bill.record.due)
    words = f"Adopted by {user} as it stood in Xero; its lines stay until the bill changes in Clio."
    if (due, bill.record.currency or invoice.currency) == (invoice.total, invoice.currency):
        return words
    return f"{words} Clio says {due} {bill.record.currency}, the invoice {invoice.total} {invoice.currency}."


def renumber_bill(*, firm: Firm, user: User, error_id: int, now: datetime) -> str:
    """Have a bill sent under a number of its own, "1042-9001", and give that number.

    Raises:
        RemedyError: the problem is over.
    """
    row = open_error(error_id, codes=RENUMBERABLE)
    link = link_of(kind=row.kind, clio_id=row.clio_id)
    own = str(bill_record(link.clio_id).get("number") or link.number)
    number = renumbered(own, link.clio_id, generation=link.generation + 1)
    held = "was voided or deleted in Xero" if link.xero_id else "is held by another invoice in Xero"
    with deciding():
        decide(
            link=link,
            act=Act.RENUMBER,
            user=user,
            words=_("Send the bill as %(number)s.") % {"number": number},
            now=now,
            number=number,
            notice=f"Sent as {number}: {link.natural_key or link.number} {held}.",
        )
    done(firm=firm, user=user, action="bill_renumbered", detail={"clio_id": link.clio_id}, now=now)
    return number


def _bill_and_number(row: SyncError) -> tuple[Bill, str]:
    snapshot = Snapshot.objects.filter(kind=Snapshot.Kind.BILL, clio_id=row.clio_id or 0).first()
    if snapshot is None or row.kind != Link.Kind.INVOICE:
        raise RemedyError(_("This bill is not known here any more: sync first, then look again."))
    bill = load_bills([snapshot])[0]
    if bill.link.pk is None:
        raise RemedyError(_("This record is not known here yet: sync first, then look again."))
    number = bill.link.natural_key if bill.link.generation > 1 else bill.record.number.strip()
    return bill, number


tell(
    "invoice_adopted",
    lambda detail: _("The invoice in Xero was adopted for bill %(id)s by hand.") % {"id": detail.get("clio_id")},
)
tell(
    "bill_renumbered",
    lambda detail: _("Bill %(id)s is sent to Xero under a number of its own.") % {"id": detail.get("clio_id")},
)
