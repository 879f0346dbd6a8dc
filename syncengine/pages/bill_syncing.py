"""Bill Syncing, Xero: the sync errors, then all bills."""

from dataclasses import dataclass

from accounts.models import Firm
from syncengine.pages.addresses import addresses_for
from syncengine.pages.bill_filter import BillFilter, state_choices
from syncengine.pages.bills import BillList, read_bills
from syncengine.pages.facts import read_facts
from syncengine.pages.problems import Problems, read_problems
from syncengine.pages.status import Status, build_status

_CAUSES_SHOWN = 25


@dataclass(frozen=True, slots=True)
class BillSyncingPage:
    """Everything that the page shows. `here` is the list's own address, to come back to after a button."""

    status: Status
    problems: Problems
    bills: BillList
    states: tuple[tuple[str, str], ...]
    here: str
    open_errors: int


def build_bill_syncing(*, firm: Firm, chosen: BillFilter) -> BillSyncingPage:
    """Build the current firm's page: eight queries at most."""
    facts = read_facts(firm)
    addresses = addresses_for(facts.clio.region)
    problems = Problems()
    if facts.open_errors or facts.ignored_errors:
        problems = read_problems(addresses=addresses, with_ways=True, most=_CAUSES_SHOWN)
    return BillSyncingPage(
        status=build_status(facts),
        problems=problems,
        bills=read_bills(chosen=chosen, all_bills=facts.all_bills, addresses=addresses),
        states=tuple(state_choices()),
        here=chosen.query(),
        open_errors=facts.open_errors,
    )
