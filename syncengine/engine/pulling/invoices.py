"""Read all sales invoices whole, as a full run does: finds what nobody announced (BEHAVIOUR §5, §11).

An invoice that somebody voided or deleted has its bill planned again, which tells about it. Payments and credits that
are not as they were last seen have the bill's money planned again. What a person edited on an invoice stays.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Final

from syncengine.domain.documents import Blocked, StandingInvoice
from syncengine.domain.money import to_cents
from syncengine.engine import record as book
from syncengine.engine.pulling.allocations import touch_money
from syncengine.engine.pulling.hand_entries import BY_HAND_VOIDED
from syncengine.engine.pulling.payments import observe_invoice
from syncengine.engine.pulling.reading import read_xero
from syncengine.engine.slice import Slice
from syncengine.models import Link, Snapshot, XeroPayment

CURSOR: Final = "xero_invoices"
_INVOICE, _INTEREST = Link.Kind.INVOICE, Link.Kind.INTEREST
_ENDED: Final = (Link.State.VOIDED, Link.State.IGNORED)


def pull_invoices(*, work: Slice, keep: Callable[[Sequence[StandingInvoice]], None] | None = None) -> None:
    """Read every page, and take in what is ours; a dry run takes in nothing. `keep` does something else with them."""
    take = keep or (lambda invoices: keep_invoices(work, invoices))
    read_xero(
        work,
        CURSOR,
        lambda since, page: work.xero.invoices_changed(since=since, page=page),
        lambda answer: take([] if work.dry_run else answer.invoices),
        whole=True,
    )


def keep_invoices(work: Slice, invoices: Sequence[StandingInvoice]) -> None:
    """Take in a page of invoices: those of ours, and what is on them (five queries where nothing moved)."""
    there = {one.invoice_id: one for one in invoices}
    if not there:
        return
    links = list(Link.objects.filter(kind__in=(_INVOICE, _INTEREST), xero_id__in=there).exclude(state__in=_ENDED))
    moved = [link for link in links if _is_news(link, there[link.xero_id or ""])]
    for link in moved:
        standing = there[link.xero_id or ""]
        link.xero_status, link.xero_amount_minor = standing.status, to_cents(standing.total)
        link.base["stated"] = _stated(standing)
    book.save_links(moved)
    look_again(work=work, links=[link for link in links if not there[link.xero_id or ""].is_live])
    alive = {link.xero_id or "": link for link in links if there[link.xero_id or ""].is_live}
    paid, credited = _known_payments(alive), _known_credits(alive)
    changed = set()
    for invoice_id, link in alive.items():
        standing = there[invoice_id]
        payments = {one.payment_id: to_cents(one.amount) for one in standing.payments if one.is_live}
        notes = {one.credit_note_id: to_cents(one.amount) for one in standing.credits}
        if payments != paid.get(invoice_id, {}):
            observe_invoice(work=work, standing=standing)
            changed.add(link.bill_id or link.clio_id)
        elif not credited.get(invoice_id, {}).items() <= notes.items():
            changed.add(link.bill_id or link.clio_id)
    touch_money(changed)


def _is_news(link: Link, standing: StandingInvoice) -> bool:
    known = (link.xero_status, link.xero_amount_minor, link.base.get("stated"))
    return known != (standing.status, to_cents(standing.total), _stated(standing))


def _stated(standing: StandingInvoice) -> dict[str, str]:
    """What the invoice states in sum, whoever entered it."""
    return {"paid": f"{standing.amount_paid:f}", "credited": f"{standing.amount_credited:f}"}


def _known_payments(invoice_ids: Iterable[str]) -> Mapping[str, Mapping[str, int]]:
    found: dict[str, dict[str, int]] = defaultdict(dict)
    rows = XeroPayment.objects.filter(invoice_id__in=list(invoice_ids)).exclude(status="DELETED")
    for invoice_id, payment_id, amount in rows.values_list("invoice_id", "payment_id", "amount_minor"):
        found[invoice_id][payment_id] = amount
    return found


def _known_credits(links: Mapping[str, Link]) -> Mapping[str, Mapping[str, int]]:
    """The credit notes of ours that are set against these invoices, as their links remember them."""
    bills = {link.bill_id or link.clio_id for link in links.values()}
    rows = Link.objects.filter(bill_id__in=bills, xero_id__isnull=False)
    set_against = set(rows.filter(kind=Link.Kind.ALLOCATION).values_list("clio_id", flat=True))
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for note in rows.filter(kind=Link.Kind.CREDIT_NOTE, clio_id__in=set_against).exclude(state__in=_ENDED):
        if note.base.get("invoice"):
            found[note.base["invoice"]][note.xero_id or ""] = to_cents(Decimal(note.base["amount"]))
    return found


def look_again(*, work: Slice, links: Sequence[Link]) -> None:
    """Somebody voided or deleted these invoices in Xero: their bills are planned again, which tells about it."""
    links = [link for link in links if link.state not in _ENDED]
    bills = [link.clio_id for link in links if link.kind == _INVOICE]
    if bills:
        Link.objects.filter(kind=_INVOICE, clio_id__in=bills).update(record_digest="")
        Snapshot.objects.filter(kind=Snapshot.Kind.BILL, clio_id__in=bills).update(dirty=True)
    for link in links:
        if link.kind == _INTEREST and not book.rests(work=work, link=link):
            remedy = "Enter the interest in Xero by hand, or ignore this."
            why = Blocked(
                BY_HAND_VOIDED, "The invoice for interest on this bill was voided or deleted in Xero.", remedy
            )
            book.stop(work=work, link=link, why=why, state=Link.State.BLOCKED)
