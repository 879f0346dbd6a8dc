"""The plan of one bill, made for a person to look at before they ask for a resync. Nothing is written anywhere."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.models import Firm
from syncengine.domain.documents import LinkedLine, StandingInvoice
from syncengine.domain.mapping.keeping import recoded
from syncengine.domain.plan import Change, LinkState, plan_invoice
from syncengine.domain.rules import Rules
from syncengine.domain.scope import scope_of
from syncengine.engine.desired import Bill, document_for, load_bills
from syncengine.engine.reference import load_setup
from syncengine.engine.remedy.common import Clock, RemedyError, reading_xero
from syncengine.models import Snapshot


@dataclass(frozen=True, slots=True)
class BillPlan:
    """What a resync of one bill would do, the invoice as it stands in Xero now, and the rules that decided it."""

    change: Change
    standing: StandingInvoice | None
    rules: Rules


def plan_resync(*, firm: Firm, clio_id: int, clock: Clock) -> BillPlan:
    """Plan one bill as a resync would, against its invoice read from Xero now.

    Raises:
        RemedyError: the bill is not known, or Xero cannot be read now.
    """
    snapshot = Snapshot.objects.filter(kind=Snapshot.Kind.BILL, clio_id=clio_id).first()
    if snapshot is None:
        raise RemedyError(_("This bill is not known here any more: sync first, then look again."))
    bill = load_bills([snapshot])[0]
    setup = load_setup(firm=firm)
    standing = _standing(firm, bill, clock)
    # In memory only: the lines are marked as a resync marks them.
    marked = recoded({key: LinkedLine(*line) for key, line in bill.link.lines.items()})
    bill.link.lines = {key: [line.line_item_id, line.record_digest, line.coding] for key, line in marked.items()}
    change = plan_invoice(
        bill=bill.record,
        scope=scope_of(bill=bill.record, rules=setup.rules),
        record_digest=bill.digest,
        document=document_for(bill=bill, setup=setup, standing=standing),
        link=LinkState(xero_id=bill.link.xero_id or "", resync=True),
        standing=standing,
        rules=setup.rules,
    )
    return BillPlan(change, standing, setup.rules)


def _standing(firm: Firm, bill: Bill, clock: Clock) -> StandingInvoice | None:
    if not bill.link.xero_id:
        return None
    with reading_xero(firm=firm, clock=clock) as xero:
        found = xero.invoices_by_ids([bill.link.xero_id])
    if not found:
        raise RemedyError(_("The invoice of this bill is no longer found in Xero; the next run says what can be done."))
    return found[0]
