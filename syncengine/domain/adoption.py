"""Adopting: linking a document that is in Xero already after it matches, never on its key alone (DESIGN §1)."""

import re
from collections.abc import Callable, Collection, Iterable
from typing import Final

from syncengine.domain.documents import InvoiceDocument, StandingContact, StandingInvoice
from syncengine.domain.mapping.contact_forms import contact_number, fold, without_id
from syncengine.domain.records import ContactRecord

__all__ = ["bill_of_invoice", "fold", "is_our_dead_number", "match_contact", "may_adopt_invoice", "renumbered"]

#: What the number of an invoice of later interest ends with.
_INTEREST: Final = re.compile(r"-INT-\d+$")


def match_contact(
    *, record: ContactRecord, candidates: Iterable[StandingContact], linked_ids: Collection[str]
) -> StandingContact | None:
    """Find the Xero contact that a Clio contact meets (BEHAVIOUR §4, First meeting), or None.

    It carries our ContactNumber and has the same name or e-mail; or it has the same name and the same non-empty
    e-mail. Spaces and case make no difference. It is active, and not linked to another client (`linked_ids` are the
    Xero ids of contacts that are). Of several that match, which only old data holds (X 7.3), the first by its id.
    """
    name, email = fold(record.name), fold(record.email)
    free = [one for one in candidates if one.is_live and one.contact_id not in linked_ids]
    if not name:
        return None
    both, numbered = [], []
    for one in free:
        same_name = fold(without_id(name=one.name, clio_id=record.id)) == name or fold(one.name) == name
        same_email = bool(email) and fold(one.email) == email
        if one.contact_number == contact_number(record.id) and (same_name or same_email):
            numbered.append(one)
        elif fold(one.name) == name and same_email:
            both.append(one)
    return min(numbered or both, key=lambda one: one.contact_id, default=None)


def may_adopt_invoice(*, document: InvoiceDocument, standing: StandingInvoice) -> bool:
    """Whether the invoice that holds our number may be linked: it is live, and ours by its Url or by what it says.

    What it says must agree whole: contact, date, currency and total (BEHAVIOUR §5, "Invoice # must be unique").
    """
    if not standing.is_live:
        return False
    if standing.url and standing.url == document.url:
        return True
    said = (standing.contact_id, standing.date, standing.currency, standing.total)
    return said == (document.contact_id, document.date, document.currency, document.total)


def bill_of_invoice(*, standing: StandingInvoice, url_of: Callable[[int], str]) -> int | None:
    """The Clio id of the bill that a live invoice points to by its Url (DESIGN §1, natural key); None if to none.

    An invoice of later interest has the Url of its bill too, and is not the bill's own.
    """
    name = standing.url.rpartition("/")[2]
    if not standing.is_live or not name.isdecimal() or _INTEREST.search(standing.number):
        return None
    return int(name) if standing.url == url_of(int(name)) else None


def is_our_dead_number(*, document: InvoiceDocument, standing: StandingInvoice) -> bool:
    """Whether a number is held by an invoice of ours that is voided or deleted.

    Ours is what points to a bill of the same Clio: Clio lets a new bill take the number of a voided one (C 3.13), so
    the bill that it points to may be another one.
    """
    bills, _, _ = document.url.rpartition("/")
    return not standing.is_live and bool(bills) and standing.url.rpartition("/")[0] == bills


def renumbered(number: str, bill_id: int, *, generation: int = 2) -> str:
    """Give the number under which a bill goes where its own is taken for good: "1042-9001"; at most 255 characters.

    The third time it is "1042-9001-2", and so on: a voided invoice keeps its number, too.
    """
    suffix = f"-{bill_id}" if generation <= 2 else f"-{bill_id}-{generation - 1}"
    return number[: 255 - len(suffix)] + suffix
