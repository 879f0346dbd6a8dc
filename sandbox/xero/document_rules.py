"""What a document may become, and what stands in the way (X 6, 7.11 to 7.18)."""

from datetime import date

from sandbox.xero import messages
from sandbox.xero.books import Books
from sandbox.xero.coding import Work
from sandbox.xero.entities import DEAD, LIVE_SETTLED, Document, Line
from sandbox.xero.kinds import Kind
from sandbox.xero.problems import Refused
from sandbox.xero.reading import Ask
from sandbox.xero.values import rounded

_NEXT = {
    "DRAFT": {"DRAFT", "SUBMITTED", "AUTHORISED", "DELETED"},
    "SUBMITTED": {"SUBMITTED", "AUTHORISED", "DRAFT", "DELETED"},
    "AUTHORISED": {"AUTHORISED", "VOIDED"},
}


def standing(document: Document) -> str:
    """The status that the rules see: a document for nothing is PAID at once, but nobody paid it."""
    return "AUTHORISED" if document.status == "PAID" and not document.is_settled_in_part else document.status


def wanted_status(document: Document, ask: Ask) -> str:
    """The status that a write asks for, as the rules see it."""
    wanted = str(ask.get("Status", document.status)).upper()
    return standing(document) if wanted == document.status else wanted


def check_transition(kind: Kind, document: Document, wanted: str) -> None:
    """Whether the status may become the one asked for (X 7.11, 7.12). Raises Refused."""
    now = standing(document)
    if now in DEAD:
        raise Refused(messages.not_of_valid_status(kind.word, "modification"))
    if document.is_settled_in_part and wanted != now and wanted in {"VOIDED", "DRAFT", "SUBMITTED", "AUTHORISED"}:
        raise Refused(messages.status_blocked(wanted, kind.word))
    if wanted != now and wanted not in _NEXT.get(now, set()):
        raise Refused(messages.not_of_valid_status(kind.word, "modification"))


def check_locked(books: Books, day: date) -> None:
    """What is dated in a locked period cannot be edited (X 7.18). Raises Refused."""
    locked = books.lock_of(day)
    if locked is not None:
        raise Refused(messages.edit_before_lock(locked[0]))


def lock_message(books: Books, day: date) -> str:
    """The refusal of a date in a locked period (X 6.32), or nothing."""
    locked = books.lock_of(day)
    return messages.before_lock(locked[0], locked[1].isoformat()) if locked else ""


def check_number(work: Work, kind: Kind, document: Document, number: str) -> str:
    """The number, if it may be this document's (X 7.13); else a broken rule is added."""
    if len(number) > 255:
        work.add(messages.too_long(kind.number_key, 255))
    elif document.type == kind.numbered_type and work.books.number_holder(document.type, number, besides=document.id):
        work.add(kind.number_taken)
    return number


def check_settled(work: Work, before: Document, after: Document) -> None:
    """Under payments or credits only some fields may change (X 7.16); other changes are a broken rule."""
    same = (before.date, before.currency, before.rate, before.amount_types, before.type) == (
        after.date,
        after.currency,
        after.rate,
        after.amount_types,
        after.type,
    )
    same_contact = before.contact_id == after.contact_id or not before.allocations
    if not (same and same_contact and set(map(_fixed, before.lines)) == set(map(_fixed, after.lines))):
        work.add(messages.LOCKED_BY_SETTLEMENT)


def _fixed(line: Line) -> tuple[object, ...]:
    """What of a line cannot change under a payment."""
    return line.id, line.quantity, line.unit_amount, line.line_amount, line.tax_type, line.tax_amount


def check_whole(work: Work, kind: Kind, document: Document, ask: Ask, *, before: Document | None) -> None:
    """The rules about the document as a whole; broken ones are added to the work."""
    approved = document.status in LIVE_SETTLED
    if not document.lines:
        work.add(messages.LINES_MISSING)
    if kind.needs_due_date and approved and document.due_date is None:
        work.add(messages.DUE_DATE_MISSING)
    if "Total" in ask and rounded(ask["Total"]) != document.total:
        work.add(messages.TOTAL_WRONG)
    if document.total < 0:
        work.add(messages.TOTAL_NEGATIVE)
    locked = lock_message(work.books, document.date)
    if approved and locked:
        work.add(locked)
    if _is_beyond_plan(work.books, document, before):
        work.add(messages.PLAN_LIMIT)


def _is_beyond_plan(books: Books, document: Document, before: Document | None) -> bool:
    """Whether approving it would be one too many in the month of its date (X 6.33)."""
    approving = document.status == "AUTHORISED" and (before is None or before.status not in LIVE_SETTLED)
    if document.type != "ACCREC" or not approving or books.approved_per_month is None:
        return False
    month = (document.date.year, document.date.month)
    return books.invoices.count("approved_month", month) >= books.approved_per_month
