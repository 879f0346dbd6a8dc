"""The page of one bill: both sides, what is wrong and what to do, the invoice as sent, its money, its history."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from syncengine.domain.mapping.contact_forms import without_id
from syncengine.domain.money import from_cents
from syncengine.models import Link, Snapshot
from syncengine.pages.addresses import Addresses, addresses_for
from syncengine.pages.bills import TONES
from syncengine.pages.history import History, Source, read_history
from syncengine.pages.money_on_bill import ON_INVOICES, Money, read_money
from syncengine.pages.problem_rows import rows_of_records
from syncengine.pages.problems import Cause, facts_for, tell_causes
from syncengine.pages.sent_invoice import SentInvoice, read_sent
from syncengine.pages.sides import SideRow, compare_sides
from syncengine.pages.wording import sentence

CLIO_STATES: Final = {
    "draft": "Draft",
    "awaiting_approval": "Pending Approval",
    "awaiting_payment": "Awaiting Payment",
    "paid": "Paid",
    "void": "Void",
    "deleted": "Deleted",
}
XERO_STATES: Final = {
    "DRAFT": "Draft",
    "SUBMITTED": "Awaiting Approval",
    "AUTHORISED": "Awaiting Payment",
    "PAID": "Paid",
    "VOIDED": "Voided",
    "DELETED": "Deleted",
}
_APPROVED: Final = {"awaiting_payment", "paid"}
#: Which of Clio's states are the same as which of Xero's; whether an approved one is paid is told by the amounts.
_SAME_STATE: Final = (
    ({"draft"}, {"DRAFT"}),
    ({"awaiting_approval"}, {"SUBMITTED"}),
    (_APPROVED, {"AUTHORISED", "PAID"}),
    ({"void", "deleted"}, {"VOIDED", "DELETED"}),
)


@dataclass(frozen=True, slots=True)
class BillRecordPage:
    """Everything that the page shows. `causes` are the open problems of the bill, its client and its money."""

    clio_id: int
    number: str
    client: str
    client_page: str
    state_words: str
    tone: str
    reason: str
    notice: str
    decided: str
    decided_by: str
    clio_url: str
    xero_url: str
    currency: str
    rows: tuple[SideRow, ...]
    causes: tuple[Cause, ...]
    ignored: tuple[Cause, ...]
    can_resync: bool
    sent: SentInvoice | None
    money: Money
    history: History
    applied_at: datetime | None
    open_errors: int


def build_bill_record(*, clio_id: int, before: int | None = None) -> BillRecordPage | None:
    """Build the page of one of the current firm's bills in nine queries; None where no such bill was read.

    `before` continues the history from there.
    """
    snapshot = Snapshot.objects.filter(kind=Snapshot.Kind.BILL, clio_id=clio_id).first()
    record: Mapping[str, Any] = snapshot.record if snapshot else {}
    client_id = record.get("client_id")
    links = _links(clio_id, client_id)
    link = links.get((Link.Kind.INVOICE, clio_id))
    if link is None and snapshot is None:
        return None
    link = link or Link(kind=Link.Kind.INVOICE, clio_id=clio_id)
    contact = links.get((Link.Kind.CONTACT, client_id or 0))
    money_links = [one for one in links.values() if one.kind in ON_INVOICES]
    records = [(link.kind, clio_id), *((one.kind, one.clio_id) for one in money_links)]
    errors = rows_of_records([*records, *([(Link.Kind.CONTACT, client_id)] if client_id else [])])
    facts = facts_for(errors)
    addresses = addresses_for(facts.clio_region)
    causes = tell_causes(rows=errors, addresses=addresses, facts=facts)
    money = read_money(
        bill_id=clio_id,
        invoice=link,
        links=money_links,
        addresses=addresses,
        reads_payments=bool(facts.pays_into),
        sends_credits=bool(facts.credits_on),
    )
    sent = read_sent(clio_id=clio_id, chart=facts.chart)
    return BillRecordPage(
        **_identity(link, record, contact, client_id, addresses),
        rows=tuple(_rows(record, link, contact, sent, money)),
        causes=tuple(cause for cause in causes if not cause.is_ignored),
        ignored=tuple(cause for cause in causes if cause.is_ignored),
        sent=sent,
        money=money,
        history=read_history(sources=_sources(clio_id, client_id, contact, money_links), before=before),
        open_errors=facts.open_errors,
    )


def _links(clio_id: int, client_id: int | None) -> dict[tuple[str, int], Link]:
    wanted = Q(kind=Link.Kind.INVOICE, clio_id=clio_id) | Q(bill_id=clio_id)
    if client_id:
        wanted |= Q(kind=Link.Kind.CONTACT, clio_id=client_id)
    return {(link.kind, link.clio_id): link for link in Link.objects.filter(wanted).order_by("pk")}


def _identity(
    link: Link, record: Mapping[str, Any], contact: Link | None, client_id: int | None, addresses: Addresses
) -> dict[str, Any]:
    """What the head of the page tells."""
    state = Link.State(link.state)
    decided = link.decided if state != Link.State.IGNORED else {}
    return {
        "clio_id": link.clio_id,
        "number": record.get("number") or link.number or str(link.clio_id),
        "client": record.get("client_name") or (contact.title if contact else "") or link.title,
        "client_page": reverse("contact_record", args=[client_id]) if contact and client_id else "",
        "state_words": str(state.label),
        "tone": TONES.get(state, "quiet"),
        "reason": sentence(link.reason),
        "notice": link.notice,
        "decided": decided.get("words", ""),
        "decided_by": decided.get("by", ""),
        "clio_url": addresses.in_clio(kind=link.kind, clio_id=link.clio_id),
        "xero_url": addresses.in_xero(kind=link.kind, xero_id=link.xero_id),
        "currency": record.get("currency") or link.currency,
        "can_resync": bool(link.xero_id) and state != Link.State.IGNORED,
        "applied_at": link.applied_at,
    }


def _rows(
    record: Mapping[str, Any], link: Link, contact: Link | None, sent: SentInvoice | None, money: Money
) -> Sequence[SideRow]:
    """Header fields and totals: Clio's as last read, Xero's as last answered or sent."""
    stands = bool(link.xero_id)
    clio_state = record.get("state") or link.clio_state
    client, in_xero = record.get("client_name") or link.title, _name_in_xero(contact)
    total = None if link.xero_amount_minor is None else from_cents(link.xero_amount_minor)
    due = _amount(record, "due")
    if due is None and link.amount_minor is not None:
        due = from_cents(link.amount_minor)
    read = total is not None and money.paid is not None and money.credited is not None
    left = total - money.paid - money.credited if read else None  # type: ignore[operator]
    xero_status = _status_by_amounts(link.xero_status, total=total, left=left)
    clio_words, xero_words = CLIO_STATES.get(clio_state, clio_state), XERO_STATES.get(xero_status, xero_status)
    issued = _day(record, "issued_at") or link.dated
    own_id = contact.clio_id if contact else 0
    return [
        compare_sides(_("Number"), record.get("number") or link.number, link.natural_key, stands=stands),
        compare_sides(
            _("Client"), client, in_xero, stands=stands, same=without_id(name=in_xero, clio_id=own_id) == client
        ),
        compare_sides(
            _("State"),
            clio_words,
            xero_words,
            stands=stands,
            same=any(clio_state in ours and xero_status in theirs for ours, theirs in _SAME_STATE),
            agreed=_("Approved on both sides") if clio_words != xero_words and clio_state in _APPROVED else "",
        ),
        compare_sides(_("Issued"), issued, sent.dated if sent else None, stands=stands),
        compare_sides(_("Due"), _day(record, "due_at") or issued, sent.due if sent else None, stands=stands),
        compare_sides(_("Total"), due, total, stands=stands),
        compare_sides(_("Paid"), _amount(record, "paid"), money.paid, stands=stands, words=_not_read(money)),
        compare_sides(
            _("Credited"), _amount(record, "credits_issued"), money.credited, stands=stands, words=_not_sent(money)
        ),
        compare_sides(_("Outstanding"), _amount(record, "balance"), left, stands=stands, words=_not_read(money)),
    ]


def _status_by_amounts(status: str, *, total: Decimal | None, left: Decimal | None) -> str:
    """Xero's status with the payments taken in that came after the invoice was last answered: they decide on PAID."""
    if status not in {"AUTHORISED", "PAID"} or not total or left is None:
        return status
    return "AUTHORISED" if left else "PAID"


def _not_read(money: Money) -> str:
    return _("Payments are not synced, so those in Xero are not read") if money.paid is None else ""


def _not_sent(money: Money) -> str:
    return _("Credits are not synced") if money.credited is None else ""


def _name_in_xero(contact: Link | None) -> str:
    """The contact's name in Xero as last seen; a contact that is shared with another client has that one's name."""
    known = contact.base.get("xero", {}) if contact and contact.xero_id else {}
    return str(known.get("Name") or "")


def _amount(record: Mapping[str, Any], name: str) -> Decimal | None:
    value = record.get(name)
    return None if value is None else Decimal(str(value))


def _day(record: Mapping[str, Any], name: str) -> date | None:
    value = record.get(name)
    return date.fromisoformat(value) if value else None


def _sources(clio_id: int, client_id: int | None, contact: Link | None, money: Sequence[Link]) -> list[Source]:
    names = {
        Link.Kind.PAYMENT.value: _("Payment %(id)s"),
        Link.Kind.CREDIT_NOTE.value: _("Credit %(id)s"),
        Link.Kind.ALLOCATION.value: _("Credit %(id)s, set against the invoice"),
        Link.Kind.INTEREST.value: _("Interest %(id)s"),
    }
    sources = [Source(Link.Kind.INVOICE, clio_id)]
    if client_id:
        sources.append(Source(Link.Kind.CONTACT, client_id, (contact.title if contact else "") or _("Client")))
    return sources + [Source(one.kind, one.clio_id, names[one.kind] % {"id": one.clio_id}) for one in money]
