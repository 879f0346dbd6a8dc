"""What tells invoices from credit notes."""

from dataclasses import dataclass

from sandbox.xero import messages
from sandbox.xero.books import Books
from sandbox.xero.entities import Document
from sandbox.xero.table import Table


@dataclass(frozen=True, slots=True)
class Kind:
    """Names and rules of a kind of document. `numbered_type` is the sales type, whose numbers are unique (X 7.13)."""

    word: str
    collection: str
    id_key: str
    number_key: str
    types: tuple[str, str]
    numbered_type: str
    number_taken: str
    event: str
    needs_due_date: bool

    def table(self, books: Books) -> Table[Document]:
        """The table of such documents."""
        return books.invoices if self.needs_due_date else books.credit_notes

    def event_data(self, document: Document) -> dict[str, str]:
        """What an event says besides the id (X 13.1)."""
        return {} if self.needs_due_date else {"Type": document.type, "Status": document.status}


INVOICE = Kind(
    word="Invoice",
    collection="Invoices",
    id_key="InvoiceID",
    number_key="InvoiceNumber",
    types=("ACCREC", "ACCPAY"),
    numbered_type="ACCREC",
    number_taken=messages.INVOICE_NUMBER_TAKEN,
    event="INVOICE",
    needs_due_date=True,
)
CREDIT_NOTE = Kind(
    word="Credit Note",
    collection="CreditNotes",
    id_key="CreditNoteID",
    number_key="CreditNoteNumber",
    types=("ACCRECCREDIT", "ACCPAYCREDIT"),
    numbered_type="ACCRECCREDIT",
    number_taken=messages.CREDIT_NOTE_NUMBER_TAKEN,
    event="CREDITNOTE",
    needs_due_date=False,
)
