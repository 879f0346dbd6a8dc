"""Documents become bytes: stable, so that the same document is the same bytes whenever it is written."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from urllib.parse import quote

from syncengine.domain.documents import ContactDocument, DocumentLine, InvoiceDocument
from syncengine.domain.money_documents import CreditNoteDocument, PaymentDocument

#: Every item answers for itself (X 5.2); four places in unit prices (X 12.2).
_CONTACTS_QUERY: Final = "summarizeErrors=false"
_INVOICES_QUERY: Final = "summarizeErrors=false&unitdp=4"
_API: Final = "/api.xro/2.0"
#: PUT creates and never edits (X 7.2, 7.14); POST names the id.
_METHODS: Final = {"create": "PUT", "update": "POST"}


@dataclass(frozen=True, slots=True)
class WriteCall:
    """One call that writes, complete but for host, token and key."""

    method: str
    path: str
    query: str
    body: bytes


# json writes no Decimals: one goes through as marked text and loses its quotes afterwards, digit for digit. The mark is
# half a surrogate pair, which no text can hold: one that came in a text is taken out before.
_MARK: Final = "\udc80"
_MARKED: Final = re.compile(f'"{_MARK}([-0-9.]+)"')
_HALVES: Final = re.compile("[\ud800-\udfff]")


def _number(value: Decimal) -> str:
    if not value.is_finite():
        raise ValueError("an amount is not a finite number")
    return f"{_MARK}{value or abs(value):f}"


def _text(value: str) -> str:
    return _HALVES.sub("\ufffd", value)


def _plain(value: Any) -> Any:
    """Values that came from outside, with their texts made safe."""
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Mapping):
        return {name: _plain(item) for name, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value


def _bytes(plain: Any) -> bytes:
    text = json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return _MARKED.sub(r"\1", text).encode()


def contacts_call(documents: Sequence[ContactDocument], *, operation: str) -> WriteCall:
    """Create or update contacts."""
    body = _bytes({"Contacts": [_contact(document) for document in documents]})
    return WriteCall(_METHODS[operation], f"{_API}/Contacts", _CONTACTS_QUERY, body)


def invoices_call(documents: Sequence[InvoiceDocument], *, operation: str) -> WriteCall:
    """Create or update sales invoices."""
    body = _bytes({"Invoices": [_invoice(document) for document in documents]})
    return WriteCall(_METHODS[operation], f"{_API}/Invoices", _INVOICES_QUERY, body)


def invoice_fields_call(fields: Sequence[Mapping[str, str]]) -> WriteCall:
    """Change single fields of invoices, each named by its InvoiceID: a status that ends it, a number in between.

    What is not sent stays as it is (X 4.12).
    """
    return WriteCall("POST", f"{_API}/Invoices", _INVOICES_QUERY, _bytes({"Invoices": [_plain(one) for one in fields]}))


def payments_call(documents: Sequence[PaymentDocument]) -> WriteCall:
    """Create payments (X 7.22)."""
    body = _bytes({"Payments": [_payment(document) for document in documents]})
    return WriteCall("PUT", f"{_API}/Payments", _CONTACTS_QUERY, body)


def delete_payment_call(payment_id: str) -> WriteCall:
    """Delete a payment: payments are never changed, only made and deleted (X 7.23)."""
    return WriteCall("POST", f"{_API}/Payments/{quote(payment_id, safe='')}", "", _bytes({"Status": "DELETED"}))


def credit_notes_call(documents: Sequence[CreditNoteDocument]) -> WriteCall:
    """Create sales credit notes; setting them against an invoice is a call of its own (X 7.28)."""
    body = _bytes({"CreditNotes": [_credit_note(document) for document in documents]})
    return WriteCall("PUT", f"{_API}/CreditNotes", _INVOICES_QUERY, body)


def void_credit_notes_call(note_ids: Sequence[str]) -> WriteCall:
    """Void credit notes that are set against nothing."""
    body = _bytes({"CreditNotes": [{"CreditNoteID": note_id, "Status": "VOIDED"} for note_id in note_ids]})
    return WriteCall("POST", f"{_API}/CreditNotes", _INVOICES_QUERY, body)


def allocation_call(*, note_id: str, invoice_id: str, amount: Decimal, date: str) -> WriteCall:
    """Set a credit note against an invoice; only the new allocation is sent, since sending one applies it (X 7.33)."""
    allocation = {"Amount": _number(amount), "Date": date, "Invoice": {"InvoiceID": invoice_id}}
    path = f"{_API}/CreditNotes/{quote(note_id, safe='')}/Allocations"
    return WriteCall("PUT", path, _CONTACTS_QUERY, _bytes({"Allocations": [allocation]}))


def delete_allocation_call(*, note_id: str, allocation_id: str) -> WriteCall:
    """Take a credit note off an invoice (X 7.30)."""
    path = f"{_API}/CreditNotes/{quote(note_id, safe='')}/Allocations/{quote(allocation_id, safe='')}"
    return WriteCall("DELETE", path, "", b"")


def _payment(document: PaymentDocument) -> dict[str, Any]:
    return {
        "Invoice": {"InvoiceID": document.invoice_id},
        "Account": {"AccountID": document.account_id},
        "Date": document.date.isoformat(),
        "Amount": _number(document.amount),
        "Reference": _text(document.reference),
    }


def _credit_note(document: CreditNoteDocument) -> dict[str, Any]:
    return {
        "Type": "ACCRECCREDIT",
        "CreditNoteNumber": document.number,
        "Reference": _text(document.reference),
        "Contact": {"ContactID": document.contact_id},
        "Date": document.date.isoformat(),
        "CurrencyCode": document.currency,
        "Status": "AUTHORISED",
        "LineAmountTypes": "Inclusive",
        "LineItems": [
            {
                "Description": _text(document.description),
                "Quantity": _number(Decimal(1)),
                "UnitAmount": _number(line.amount),
                "AccountCode": document.account_code,
                "TaxType": line.tax_type,
            }
            for line in document.lines
        ],
    }


def _contact(document: ContactDocument) -> dict[str, Any]:
    plain: dict[str, Any] = {
        **_plain(document.fields),
        "Name": _text(document.name),
    }
    if document.contact_number:
        plain["ContactNumber"] = document.contact_number
    if document.contact_id:
        plain["ContactID"] = document.contact_id
    return plain


def _invoice(document: InvoiceDocument) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "Type": "ACCREC",
        "InvoiceNumber": _text(document.number),
        "Reference": _text(document.reference),
        # By id alone: a whole contact would rewrite that contact (X 7.8).
        "Contact": {"ContactID": document.contact_id},
        "Date": document.date.isoformat(),
        "DueDate": document.due_date.isoformat(),
        "CurrencyCode": document.currency,
        "Url": document.url,
        "LineAmountTypes": "Exclusive",
        "LineItems": [_line(line) for line in document.lines],
    }
    if document.invoice_id:
        plain["InvoiceID"] = document.invoice_id
    if document.advances or not document.invoice_id:
        plain["Status"] = document.status
    return plain


def _line(line: DocumentLine) -> dict[str, Any]:
    plain: dict[str, Any] = {"Description": _text(line.description)}
    if line.line_item_id:
        plain["LineItemID"] = line.line_item_id
    if line.amount is None or line.quantity is None or line.unit_amount is None:
        return plain
    plain |= {
        "Quantity": _number(line.quantity),
        "UnitAmount": _number(line.unit_amount),
        "AccountCode": line.account_code,
        "TaxType": line.tax_type,
    }
    if line.tax_amount is not None:
        plain["TaxAmount"] = _number(line.tax_amount)
    if line.tracking:
        plain["Tracking"] = _plain(line.tracking)
    return plain
