"""Payments in Xero as last read: by their changes every ten minutes, and as the invoices themselves tell of them.

Only payments on invoices of ours are kept. What somebody deletes, edits or enters there makes the bill's money planned
again (BEHAVIOUR §6, §11).
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from syncengine.domain.documents import StandingInvoice, StandingPayment
from syncengine.domain.money import from_cents, to_cents
from syncengine.domain.payment_plan import SeenPayment
from syncengine.engine.pulling.reading import begin_now, read_xero
from syncengine.engine.slice import Slice
from syncengine.models import Link, Snapshot, XeroPayment

CURSOR: Final = "xero_payments"
EVERY: Final = timedelta(minutes=10)
_TOLD_BY_INVOICE: Final = ["amount_minor", "dated", "reference", "status", "seen_at"]
_TOLD_BY_PAYMENT: Final = [*_TOLD_BY_INVOICE, "invoice_id", "account_id", "reconciled", "batch_id"]
_INVOICES: Final = (Link.Kind.INVOICE, Link.Kind.INTEREST)


def pull_payments(*, work: Slice) -> None:
    """Read what changed since the cursor. The first pass begins now.

    Nothing of ours is older, and invoices that stood before are read when their money is planned. A full run reads the
    invoices themselves with what is on them (pulling/invoices.py).
    """
    cursor = work.cursors.get(CURSOR)
    if cursor.since is None and not cursor.next_url:
        begin_now(work, CURSOR)
    read_xero(
        work,
        CURSOR,
        lambda since, page: work.xero.payments_changed(since=since, page=page),
        lambda answer: keep_changed(work, answer.payments),
        whole=False,
    )
    work.payments_read = True


def are_due(*, work: Slice) -> bool:
    """Whether it is time to look for changes."""
    finished = work.cursors.get(CURSOR).finished_at
    return finished is None or work.clock() - finished >= EVERY


def keep_changed(work: Slice, payments: Sequence[StandingPayment]) -> None:
    """Keep payments on our invoices, and have the money of those planned again on which something moved."""
    latest = {one.payment_id: one for one in payments if one.invoice_id}
    ours = _our_invoices({one.invoice_id for one in latest.values()})
    on_ours = [one for one in latest.values() if one.invoice_id in ours]
    if not on_ours:
        return
    known = {
        row.payment_id: row for row in XeroPayment.objects.filter(payment_id__in=[one.payment_id for one in on_ours])
    }
    moved = [one for one in on_ours if _moved(one, known.get(one.payment_id))]
    _keep(moved, known, _TOLD_BY_PAYMENT, work.clock())
    if gone := [one.payment_id for one in moved if not one.is_live]:
        _show_deleted(gone)
    bills = {ours[one.invoice_id] for one in moved}
    Snapshot.objects.filter(kind=Snapshot.Kind.BILL, clio_id__in=bills, money_dirty=False).update(money_dirty=True)


def _our_invoices(invoice_ids: Iterable[str]) -> dict[str, int]:
    """Invoice id → the bill whose money stands on it."""
    rows = Link.objects.filter(kind__in=_INVOICES, xero_id__in=list(invoice_ids))
    return {
        xero_id or "": bill_id or clio_id
        for xero_id, clio_id, bill_id in rows.values_list("xero_id", "clio_id", "bill_id")
    }


def _moved(one: StandingPayment, row: XeroPayment | None) -> bool:
    if row is None:
        return one.is_live
    told = (one.status, to_cents(one.amount), one.date, one.reference, one.reconciled, one.batch_id, one.account_id)
    return told != (
        row.status, row.amount_minor, row.dated, row.reference, row.reconciled, row.batch_id, row.account_id
    )  # fmt: skip


def observe_invoice(*, work: Slice, standing: StandingInvoice) -> None:
    """Take in the payments that an invoice tells of; one of ours that it no longer tells of was deleted in Xero.

    Only where what it tells of adds up to what it states as paid: half a list proves nothing.
    """
    payments = {one.payment_id: one for one in standing.payments}
    known = {row.payment_id: row for row in XeroPayment.objects.filter(invoice_id=standing.invoice_id)}
    _keep(list(payments.values()), known, _TOLD_BY_INVOICE, work.clock())
    if sum((one.amount for one in payments.values()), Decimal(0)) == standing.amount_paid:
        _deleted([row for row in known.values() if row.payment_id not in payments])


def observe_payments(*, work: Slice, invoice_id: str, payments: Sequence[StandingPayment]) -> None:
    """Take in a whole list of the payments on one invoice, with accounts and marks."""
    latest = {one.payment_id: one for one in payments}
    known = {row.payment_id: row for row in XeroPayment.objects.filter(invoice_id=invoice_id)}
    _keep(list(latest.values()), known, _TOLD_BY_PAYMENT, work.clock())
    _deleted([row for row in known.values() if row.payment_id not in latest])


def observe_made(*, work: Slice, payments: Sequence[StandingPayment]) -> None:
    """Take in payments that Xero answered to our own calls: they are no news."""
    known = {
        row.payment_id: row for row in XeroPayment.objects.filter(payment_id__in=[one.payment_id for one in payments])
    }
    _keep(payments, known, _TOLD_BY_PAYMENT, work.clock())


def mark_deleted(*, payment_id: str) -> None:
    """One of ours was taken off."""
    XeroPayment.objects.filter(payment_id=payment_id).update(status="DELETED")


def _keep(payments: Sequence[StandingPayment], known: dict[str, XeroPayment], fields: list[str], now: datetime) -> None:
    """Upsert; when a payment was last seen standing moves only while it stands."""
    rows = [
        XeroPayment(
            payment_id=one.payment_id,
            invoice_id=one.invoice_id,
            amount_minor=to_cents(one.amount),
            dated=one.date,
            reference=one.reference,
            account_id=one.account_id,
            status=one.status,
            reconciled=one.reconciled,
            batch_id=one.batch_id,
            first_seen_at=now,
            seen_at=now if one.is_live else known[one.payment_id].seen_at,
        )
        for one in payments
        if one.is_live or one.payment_id in known
    ]
    if rows:
        XeroPayment.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["firm", "payment_id"], update_fields=fields
        )


def _deleted(rows: Sequence[XeroPayment]) -> None:
    dead = [row for row in rows if row.status != "DELETED"]
    if dead:
        XeroPayment.objects.filter(pk__in=[row.pk for row in dead]).update(status="DELETED")
        _show_deleted([row.payment_id for row in dead])


def _show_deleted(payment_ids: Sequence[str]) -> None:
    """Those of ours no longer count on the pages; what is made in their place does."""
    Link.objects.filter(kind=Link.Kind.PAYMENT, xero_id__in=payment_ids).update(xero_status="DELETED")


def seen_on(*, invoice_ids: Iterable[str]) -> dict[str, dict[str, SeenPayment]]:
    """What was last read of the payments on these invoices: invoice id → payment id → payment (one query)."""
    found: dict[str, dict[str, SeenPayment]] = {}
    for row in XeroPayment.objects.filter(invoice_id__in=list(invoice_ids)):
        standing = StandingPayment(
            payment_id=row.payment_id,
            invoice_id=row.invoice_id,
            amount=from_cents(row.amount_minor),
            date=row.dated,
            reference=row.reference,
            account_id=row.account_id,
            status=row.status,
            reconciled=row.reconciled,
            batch_id=row.batch_id,
        )
        found.setdefault(row.invoice_id, {})[row.payment_id] = SeenPayment(standing, row.first_seen_at, row.seen_at)
    return found
