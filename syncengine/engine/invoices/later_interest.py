"""Interest that was charged after a bill was sent: its own invoice, so that no sent invoice changes (BEHAVIOUR §5)."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from syncengine.clio import ParseProblem, parse_interest_charge
from syncengine.domain.documents import Blocked, StandingInvoice, Waiting
from syncengine.domain.mapping.interest import map_interest_charge, unbilled_charges
from syncengine.domain.money import ZERO
from syncengine.domain.money_records import InterestCharge
from syncengine.domain.records import bill_from_dict
from syncengine.engine import record as book
from syncengine.engine.desired import Bill, later_interest
from syncengine.engine.invoices.interest_outcomes import QueuedInterest, send_interest
from syncengine.engine.invoices.voids import end_invoices
from syncengine.engine.money.state import load_money
from syncengine.engine.slice import Slice
from syncengine.models import Link, Snapshot

_KIND: Final = Link.Kind.INTEREST


def settle_interest(*, work: Slice, bill: Bill, standing: StandingInvoice) -> Blocked | None:
    """Bring the invoices for a bill's later interest in step with what Clio charges; gives what keeps them from it."""
    later = later_interest(bill=bill, standing=standing)
    links = {link.clio_id: link for link in Link.objects.filter(kind=_KIND, bill_id=bill.record.id)}
    sent = {clio_id: link for clio_id, link in links.items() if link.xero_id and link.state != Link.State.VOIDED}
    if not later and not sent:
        return None
    charges = _charges(work, bill)
    wanted = unbilled_charges(charges=charges, own_bills=_own_bills(bill), later=later)
    if wanted is None:
        return _unexplained(later, charges, bill.record.currency)
    gone = sent.keys() - {charge.id for charge in wanted}
    if gone:
        _end(work, bill, gone)
    for charge in wanted:
        if charge.id in sent:
            continue
        link = links.get(charge.id) or Link(kind=_KIND, clio_id=charge.id, bill_id=bill.record.id)
        problem = _send(work, bill, charge, link)
        if problem is not None:
            return problem
    return None


def _charges(work: Slice, bill: Bill) -> list[InterestCharge]:
    found = []
    for row in work.clio.all_rows("interest_charges", {"bill_id": bill.record.id}):
        try:
            charge = parse_interest_charge(row)
        except ParseProblem:
            continue  # what is missing then makes the charges not add up, and somebody is told
        if charge.bill_id == bill.record.id:
            found.append(charge)
    return found


def _own_bills(bill: Bill) -> list[Decimal]:
    """What Clio's own bills for this bill's interest come to, each."""
    rows = Snapshot.objects.filter(kind=Snapshot.Kind.BILL, original_bill_id=bill.record.id)
    records = [bill_from_dict(plain) for plain in rows.values_list("record", flat=True)]
    return [record.interest_total for record in records if not record.is_gone]


def _unexplained(later: Decimal, charges: Sequence[InterestCharge], currency: str) -> Blocked:
    total = sum((charge.total for charge in charges), ZERO)
    return Blocked(
        code="interest_unexplained",
        message=f"Interest of {later:f} {currency} was charged after this bill was sent; Clio's charges say otherwise",
        remedy="Look at the bill's interest in Clio; put it on a bill of its own there, or enter it in Xero by hand.",
        field="interest",
        details={"interest": f"{later:f}", "charges": f"{total:f}"},
    )


def _send(work: Slice, bill: Bill, charge: InterestCharge, link: Link) -> Blocked | None:
    if book.rests(work=work, link=link):
        return None
    contact_id = bill.contact.xero_id if bill.contact else ""
    document = map_interest_charge(
        charge=charge,
        bill=bill.record,
        rules=work.setup.rules,
        contact_id=contact_id or "",
        number=bill.link.natural_key,
    )
    if isinstance(document, Blocked):
        return document
    if isinstance(document, Waiting):
        if not work.dry_run:
            book.wait(work=work, link=link, waiting=document)
            book.save_links([link])
        return None
    link.number, link.title = document.number[:255], bill.record.client_name[:255]
    link.dated, link.currency, link.clio_state = charge.date, bill.record.currency, bill.record.state
    link.amount_minor = int(charge.total.scaleb(2))
    if work.dry_run:
        work.count("invoice", "created")
    else:
        send_interest(work=work, entry=QueuedInterest(link, document))
    return None


def _end(work: Slice, bill: Bill, charge_ids: set[int]) -> None:
    """Interest that Clio took back: its invoices end, as those of voided bills do."""
    rows = Snapshot.objects.filter(kind=Snapshot.Kind.BILL, clio_id=bill.record.id)
    for loaded in load_money(rows):
        ending = [(loaded, target) for target in loaded.targets[1:] if target.link.clio_id in charge_ids]
        end_invoices(work=work, ending=[one for one in ending if one[1].link.kind == _KIND])
