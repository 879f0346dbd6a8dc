"""An invented law firm, the same for the same seed, size and day. Every name in it is made up.

How many of what: sandbox.firm.mix. How a bill's figures are worked out, which Clio does not document and which
is the stand-in's own choice: sandbox.firm.figures, in its docstring.
"""

from datetime import UTC, datetime, timedelta
from random import Random

from sandbox.firm.billing import Bill
from sandbox.firm.make_bills import FIRST_NUMBER, Maker, add_bill, add_unbilled_hard_cost, at
from sandbox.firm.make_payments import Cashier, join_payments
from sandbox.firm.make_people import add_clients, add_matters, add_vendors, new_firm
from sandbox.firm.mix import Mix, mix_for
from sandbox.firm.money import add_interest_bill
from sandbox.firm.store import Store

ACCOUNT_CREATED = datetime(2021, 3, 15, 14, 0, tzinfo=UTC)
HISTORY_DAYS = 540
OUT_OF_SCOPE = ("draft", "draft", "void", "awaiting_approval", "deleted", "trust")
CHARGED_AFTER_DAYS = 35


def build_firm(
    *,
    seed: int,
    bills: int,
    now: datetime,
    mix: Mix | None = None,
    account_created: datetime = ACCOUNT_CREATED,
) -> Store:
    """A firm with so many bills, issued over the eighteen months before `now` (aware).

    At least 85 % of the bills are awaiting payment or paid. Bill numbers run from 1001 in the order of issue.
    """
    rng = Random(f"clio/{seed}")
    mix = mix or mix_for(seed)
    store = new_firm(account_created, secondary_tax=mix.secondary_tax_bills > 0)
    begun = datetime.combine(now.date() - timedelta(days=HISTORY_DAYS + 30), now.timetz())
    clients = add_clients(store, rng, max(8, bills // 8), begun)
    maker = Maker(
        store=store,
        rng=rng,
        mix=mix,
        now=now,
        clients=clients,
        matters=add_matters(store, rng, clients),
        vendors=add_vendors(store, begun),
    )
    _add_bills(maker, bills)
    join_payments(store, Random(f"clio/{seed}/cheques"), mix.joined_payments)
    for _ in range(max(2, bills // 20)):
        day = now.date() - timedelta(days=rng.randrange(1, HISTORY_DAYS))
        add_unbilled_hard_cost(maker, day=day)
    return store


def _states(rng: Random, mix: Mix, count: int) -> list[str]:
    outside = int(count * mix.out_of_scope)
    states = [OUT_OF_SCOPE[place % len(OUT_OF_SCOPE)] for place in range(outside)]
    paid = round((count - outside) * mix.paid)
    states += ["paid"] * paid + ["awaiting_payment"] * (count - outside - paid)
    rng.shuffle(states)
    return states


def _add_bills(maker: Maker, count: int) -> None:
    today = maker.now.date()
    cashier = Cashier(maker)
    unpaid: list[Bill] = []
    for place, state in enumerate(_states(maker.rng, maker.mix, count)):
        issued = today - timedelta(days=HISTORY_DAYS - place * (HISTORY_DAYS - 1) // max(count, 1))
        old = unpaid[0] if unpaid else None
        long_due = old is not None and (issued - old.issued_at).days >= CHARGED_AFTER_DAYS
        if old and long_due and state in {"awaiting_payment", "paid"} and maker.chance(maker.mix.interest_bills):
            bill = add_interest_bill(
                maker.store,
                unpaid.pop(0),
                amount=max(100, old.due // 100),
                day=issued,
                now=at(issued, 14, maker.now),
                number=str(FIRST_NUMBER + place),
            )
        else:
            bill = add_bill(maker, place=place, state=state, issued=issued)
        if bill.kind == "revenue_kind" and state in {"awaiting_payment", "paid"}:
            cashier.settle(bill, in_full=state == "paid")
        if bill.state == "awaiting_payment" and bill.original_bill_id is None and bill.kind == "revenue_kind":
            unpaid.append(bill)
