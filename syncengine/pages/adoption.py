"""The invoices in Xero that hold a bill's number, beside the bill, for a person to say whether one of them is it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from syncengine.domain.documents import StandingInvoice
from syncengine.domain.money import round_half_up
from syncengine.domain.records import BillRecord
from syncengine.models import Link
from syncengine.pages.addresses import Addresses
from syncengine.pages.bill_record import CLIO_STATES, XERO_STATES
from syncengine.pages.sides import SideRow, compare_sides


@dataclass(frozen=True, slots=True)
class AdoptionRow:
    """One invoice beside the bill. `refusal` says why it cannot be adopted; empty: it can."""

    invoice_id: str
    number: str
    xero_url: str
    url: str
    currency: str
    rows: tuple[SideRow, ...]
    refusal: str


def tell_candidates(
    *, bill: BillRecord, candidates: Iterable[tuple[StandingInvoice, str]], addresses: Addresses
) -> tuple[AdoptionRow, ...]:
    """Set each invoice, with the reason against it, beside the bill."""
    return tuple(
        AdoptionRow(
            invoice_id=invoice.invoice_id,
            number=invoice.number,
            xero_url=addresses.in_xero(kind=Link.Kind.INVOICE, xero_id=invoice.invoice_id),
            url=invoice.url,
            currency=invoice.currency,
            rows=_rows(bill, invoice),
            refusal=refusal,
        )
        for invoice, refusal in candidates
    )


def _rows(bill: BillRecord, invoice: StandingInvoice) -> tuple[SideRow, ...]:
    own = invoice.url.rpartition("/")[2] == str(bill.id)
    return (
        compare_sides(_("Client"), bill.client_name, invoice.contact_name, stands=True),
        compare_sides(_("Issued"), bill.issued_at, invoice.date, stands=True),
        compare_sides(_("Total"), round_half_up(bill.due), invoice.total, stands=True),
        compare_sides(_("Currency"), bill.currency or invoice.currency, invoice.currency, stands=True),
        compare_sides(
            _("State"),
            CLIO_STATES.get(bill.state, bill.state),
            XERO_STATES.get(invoice.status, invoice.status),
            stands=True,
        ),
        compare_sides(
            _("Points to"),
            _("This bill"),
            _("This bill") if own else invoice.url or _("No bill"),
            stands=True,
            same=own,
        ),
    )
