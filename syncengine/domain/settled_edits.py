"""Edits of invoices under payments or credits: what Xero takes in place, what needs a round (BEHAVIOUR §5, X 7.16)."""

from syncengine.domain.documents import Blocked, DocumentLine, InvoiceDocument, StandingInvoice, StandingLine
from syncengine.domain.money import round_half_up


def fits_in_place(*, document: InvoiceDocument, standing: StandingInvoice) -> bool:
    """Whether Xero lets this change be made while payments or credits stand on the invoice.

    Reference, due date, number, Url and contact may change (the contact not under a credit note), and of each line its
    text, account and tracking. Amounts, tax, date, currency and the set of lines may not (X 7.16).
    """
    if (document.date, document.currency) != (standing.date, standing.currency):
        return False
    if standing.credits and document.contact_id != standing.contact_id:
        return False
    there = {line.line_item_id: line for line in standing.lines}
    named = [line.line_item_id for line in document.lines]
    if sorted(named) != sorted(there) or len(set(named)) != len(named):
        return False
    return all(_same_figures(line, there[line.line_item_id]) for line in document.lines)


def _same_figures(line: DocumentLine, there: StandingLine) -> bool:
    if line.amount is None or there.amount is None:
        return line.amount is None and not there.amount
    if (line.quantity, line.unit_amount, line.tax_type) != (there.quantity, there.unit_amount, there.tax_type):
        return False
    tax = line.tax_amount if line.tax_amount is not None else there.tax_amount
    return round_half_up(line.amount) == round_half_up(there.amount) and tax == there.tax_amount


def client_problem(*, document: InvoiceDocument, standing: StandingInvoice) -> Blocked | None:
    """The client of a sent bill changed: Xero moves no invoice to another contact under a credit note (X 7.16)."""
    if not standing.credits or document.contact_id == standing.contact_id:
        return None
    return Blocked(
        code="client_changed",
        message=f"The client changed, but a credit note keeps invoice {standing.number} with the former one in Xero",
        remedy="In Xero, take the credit note off the invoice and sync again; or change the client back in Clio.",
        field="client",
        details={"invoice": standing.invoice_id},
    )
