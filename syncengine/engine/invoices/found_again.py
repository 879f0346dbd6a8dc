"""Invoices in Xero that point to a bill without a link: links were forgotten, or the database was restored.

They are found by their Url, since the bill may have another number by now, remembered on the bill's link when all
invoices are read, and linked in place of being sent (BEHAVIOUR §11). Links are not made while reading: only where the
bill is mapped is it known whether the invoice says the same, and one that does is left as a bookkeeper coded it.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from syncengine.domain.adoption import bill_of_invoice
from syncengine.domain.chunks import chunks
from syncengine.domain.documents import StandingInvoice
from syncengine.engine.invoices.outcomes import Planned, adopt
from syncengine.engine.slice import Slice
from syncengine.models import Link

_INVOICE, _INTEREST = Link.Kind.INVOICE, Link.Kind.INTEREST
_FOUND: Final = "found"
_A_CALL: Final = 40


def note_found(*, work: Slice, invoices: Sequence[StandingInvoice]) -> None:
    """Remember which live invoices of a page point to bills that have no invoice (two queries, or none)."""
    ours: dict[int, list[str]] = defaultdict(list)
    for one in invoices:
        bill_id = bill_of_invoice(standing=one, url_of=work.setup.rules.bill_url)
        if bill_id is not None:
            ours[bill_id].append(one.invoice_id)
    if not ours:
        return
    ids = [invoice_id for several in ours.values() for invoice_id in several]
    linked = set(Link.objects.filter(kind__in=(_INVOICE, _INTEREST), xero_id__in=ids).values_list("xero_id", flat=True))
    links = {link.clio_id: link for link in Link.objects.filter(kind=_INVOICE, clio_id__in=ours)}
    found = []
    for bill_id, several in ours.items():
        link = links.get(bill_id) or Link(kind=_INVOICE, clio_id=bill_id)
        free = sorted(set(several) - linked)
        if not link.xero_id and free:
            link.base = {**link.base, _FOUND: free[0]}
            found.append(link)
    if found:
        Link.objects.bulk_create(
            found, update_conflicts=True, unique_fields=["firm", "kind", "clio_id"], update_fields=["base"]
        )


def adopt_found(*, work: Slice, planned: Sequence[Planned]) -> list[Planned]:
    """Link what was found instead of sending it; gives what is left to send. An invoice that died meanwhile is left."""
    found = {entry.bill.link.base[_FOUND]: entry for entry in planned if entry.bill.link.base.get(_FOUND)}
    adopted: set[int] = set()
    for ids in chunks(list(found), _A_CALL):
        for standing in work.xero.invoices_by_ids(ids):
            entry = found[standing.invoice_id]
            if adopt(work=work, entry=entry, holders=[standing]):
                adopted.add(entry.bill.record.id)
    return [entry for entry in planned if entry.bill.record.id not in adopted]
