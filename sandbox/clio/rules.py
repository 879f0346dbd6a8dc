"""What Clio refuses to people (C 3.11, 5.10). Control actions ask these rules only where they act as a person does,
since tests need states that nobody could bring about. Clio's own words are not known: the texts are ours.
"""

from sandbox.firm.billing import Allocation, Bill
from sandbox.firm.store import Store
from sandbox.web.html import cents
from sandbox.web.posted import told

ENDED = frozenset({"void", "deleted"})
# Where a person may take a bill from each state; paid and back it goes by its money alone.
NEXT = {
    "draft": ("awaiting_approval", "awaiting_payment", "deleted"),
    "awaiting_approval": ("draft", "awaiting_payment", "deleted"),
    "awaiting_payment": ("draft", "void"),
    "paid": ("draft", "void"),
    "void": (),
    "deleted": (),
}
_UNDONE = frozenset({"draft", "void", "deleted"})


class AgainstTheRules(ValueError):  # noqa: N818 - reads as what happened
    """Clio would not let a person do this; the text says why and what to do first."""


def may_edit(store: Store, bill: Bill, number: str | None) -> None:
    """Whether a bill may be changed, to that number. Raises AgainstTheRules."""
    if bill.state in ENDED:
        raise AgainstTheRules(f"A {told(bill.state).lower()} bill cannot be edited.")
    if number is not None and number != bill.number:
        check_number(store, number, besides=bill.id)


def check_number(store: Store, number: str, *, besides: int | None = None) -> None:
    """Whether no other live bill has the number (C 3.13). Raises AgainstTheRules."""
    if not number.strip():
        raise AgainstTheRules("Number can't be blank.")
    if any(bill.number == number and bill.id != besides and bill.state not in ENDED for bill in store.bills.all()):
        raise AgainstTheRules(f"Number {number} has already been taken by another bill.")


def may_become(store: Store, bill: Bill, state: str) -> None:
    """Whether a person may put a bill into a state: undoing it only with no money on it. Raises AgainstTheRules."""
    if state not in NEXT[bill.state]:
        raise AgainstTheRules(f"A bill that is {told(bill.state).lower()} cannot become {told(state).lower()}.")
    if state in _UNDONE and any(row.voided_at is None for row in store.allocations_of(bill.id)):
        raise AgainstTheRules("This bill has payments or credits on it: take them off first.")


def may_settle(bill: Bill, amount: int, *, besides: int = 0) -> None:
    """Whether a payment or credit of so many cents fits on a bill; `besides`: it stands there with so many already.

    Raises AgainstTheRules.
    """
    if bill.kind == "trust_kind":
        raise AgainstTheRules("A trust request is not paid here.")
    if bill.state not in {"awaiting_payment", "paid"}:
        raise AgainstTheRules(f"A bill that is {told(bill.state).lower()} takes no payments or credits.")
    if amount <= 0:
        raise AgainstTheRules("Amount must be greater than zero.")
    left = bill.balance + besides
    if amount > left:
        raise AgainstTheRules(f"Amount is more than the {cents(left)} that the bill still owes.")


def may_change(row: Allocation) -> None:
    """Whether a payment or credit may be changed or deleted. Raises AgainstTheRules."""
    may_void(row)
    if row.online:
        raise AgainstTheRules("An online payment can only be refunded.")


def may_void(row: Allocation) -> None:
    """Whether a payment may be voided; for an online one that is a refund. Raises AgainstTheRules."""
    if row.voided_at is not None:
        raise AgainstTheRules("It is voided already.")


def may_charge_interest(bill: Bill) -> None:
    """Whether interest may be charged on a bill. Raises AgainstTheRules."""
    if bill.state != "awaiting_payment" or bill.kind == "trust_kind":
        raise AgainstTheRules("Interest is charged on bills that await payment.")


def may_delete_contact(store: Store, contact_id: int) -> None:
    """Whether nothing hangs on a contact. Raises AgainstTheRules."""
    held = any(row.client_id == contact_id for table in (store.bills, store.matters) for row in table.all())
    if held or any(row.vendor_id == contact_id for row in store.activities.all()):
        raise AgainstTheRules("This contact has bills, matters or expenses and cannot be deleted. Merge it instead.")
