"""/Invoices, /CreditNotes and /BankTransactions."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from werkzeug.wrappers import Response

from sandbox.xero import bank_transactions, document_views, documents, fields, lists, shapes
from sandbox.xero.books import Books
from sandbox.xero.entities import Document
from sandbox.xero.envelope import Element, Manner, answer, write_all
from sandbox.xero.kinds import CREDIT_NOTE, INVOICE, Kind
from sandbox.xero.problems import NotFound
from sandbox.xero.reading import Ask, Reader
from sandbox.xero.request import ApiCall
from sandbox.xero.table import Table
from sandbox.xero.values import folded
from sandbox.xero.where import Field


@dataclass(frozen=True)
class Collection:
    """A collection of documents: how it is named, kept, read, filtered and shown. Bank transactions have no `kind`."""

    name: str
    id_key: str
    error_flag: str
    reader: Reader
    table: Callable[[Books], Table[Document]]
    fields: Callable[[Books], dict[str, Field]]
    view: Callable[..., dict[str, Any]]
    kind: Kind | None

    def listed(self, call: ApiCall) -> Response:
        """GET the collection."""
        books, args = call.books, call.args
        statuses = {status.upper() for status in lists.words(args, "Statuses")}
        wanted, contact_ids = lists.ids(args, "IDs"), set(lists.ids(args, "ContactIDs"))
        summary = lists.truth(args, "summaryOnly")
        rows = lists.select(
            self.table(books),
            self.fields(books),
            args,
            what=self.name.removesuffix("s"),
            since=call.since,
            candidates=self._candidates(call, wanted, contact_ids),
            keep=lambda row: (
                (not statuses or row.status in statuses)
                and (not contact_ids or row.contact_id in contact_ids)
                and _holds(books, row, args.get("searchTerm", ""))
            ),
        )
        page = lists.paged(rows, args, force=summary)
        view: document_views.View = "whole" if page.pagination or wanted or statuses else "list"
        if summary:
            view = "summary"
        shown = [self.view(books, row, view=view, places=call.places) for row in page.rows]
        return answer(call.now, self.name, shown, page.pagination)

    def _candidates(self, call: ApiCall, wanted: list[str], contact_ids: set[str]) -> list[Document] | None:
        """The rows that a list parameter names, or None for all."""
        table = self.table(call.books)
        numbers = lists.words(call.args, "InvoiceNumbers")
        if wanted:
            return lists.by_id(table, wanted)
        if numbers:
            keys = [(kind, folded(number)) for number in numbers for kind in INVOICE.types]
            found = {row.id: row for key in keys for row in table.find("number", key)}
            return list(found.values())
        if contact_ids:
            return [row for contact_id in contact_ids for row in table.find("contact", contact_id)]
        return None

    def single(self, call: ApiCall, ref: str) -> Response:
        """GET one by id, or by number where it has one."""
        row = self.table(call.books).get(ref)
        if row is None and self.kind is not None:
            row = call.books.number_holder(self.kind.numbered_type, ref)
        if row is None:
            raise NotFound
        return answer(call.now, self.name, [self.view(call.books, row, places=call.places)])

    def write(self, call: ApiCall, ref: str = "") -> Response:
        """PUT and POST the collection, POST one."""
        books, table = call.books, self.table(call.books)
        if ref and table.get(ref) is None:
            raise NotFound

        def existing(ask: Ask) -> dict[str, Any] | None:
            row = table.get(ref or ask.get(self.id_key, ""))
            return self.view(books, row, places=call.places) if row and not call.creates_only else None

        def work(ask: Ask) -> Element:
            return self._write_one(call, ask, ref)

        asked = call.elements(self.name, self.reader)
        manner = Manner(self.name, self.id_key, self.error_flag, existing)
        return write_all(call.now, manner, asked, work, summarize=call.summarize)

    def _write_one(self, call: ApiCall, ask: Ask, ref: str) -> Element:
        work = call.work()
        if self.kind is None:
            made = bank_transactions.write(work, ask, create_only=call.creates_only, path_id=ref)
            return Element(self.view(call.books, made, places=call.places), work.warnings)
        saved = documents.write(work, self.kind, ask, create_only=call.creates_only, path_id=ref)
        shown = self.view(call.books, saved.document, places=call.places)
        if saved.document.status == "VOIDED" and saved.before is not None and "AmountDue" in shown:
            shown["AmountDue"] = saved.before.outstanding  # the answer still shows it, a later read does not (X 4.9)
        return Element(shown, saved.warnings)


def _holds(books: Books, row: Document, term: str) -> bool:
    """Whether searchTerm is in the number, the reference or the contact's name."""
    needle = folded(term)
    if not needle:
        return True
    return any(needle in folded(text) for text in (row.number, row.reference, books.contacts.must(row.contact_id).name))


INVOICES = Collection(
    name="Invoices",
    id_key="InvoiceID",
    error_flag="HasErrors",
    reader=shapes.invoice,
    table=lambda books: books.invoices,
    fields=fields.invoice_fields,
    view=document_views.invoice,
    kind=INVOICE,
)
CREDIT_NOTES = Collection(
    name="CreditNotes",
    id_key="CreditNoteID",
    error_flag="HasErrors",
    reader=shapes.credit_note,
    table=lambda books: books.credit_notes,
    fields=fields.credit_note_fields,
    view=document_views.credit_note,
    kind=CREDIT_NOTE,
)
BANK_TRANSACTIONS = Collection(
    name="BankTransactions",
    id_key="BankTransactionID",
    error_flag="",
    reader=shapes.bank_transaction,
    table=lambda books: books.bank_transactions,
    fields=fields.bank_transaction_fields,
    view=document_views.bank_transaction,
    kind=None,
)
