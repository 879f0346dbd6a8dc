"""How often what occurs in a firm's bills, as shares of one."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Mix:
    """Shares of bills, lines or payments. `secondary_tax_bills` above 0 gives the firm a secondary tax."""

    out_of_scope: float = 0.12  # draft, awaiting approval, void, deleted, trust requests
    untaxed_bills: float = 0.12
    secondary_tax_bills: float = 0.0
    bill_discounts: float = 0.08
    interest_on_bills: float = 0.02
    interest_bills: float = 0.01
    no_charge_lines: float = 0.04
    summary_lines: float = 0.03
    lines_by_hand: float = 0.04
    line_discounts: float = 0.05
    long_notes: float = 0.005
    vendorless: float = 0.0
    paid: float = 0.58  # of the bills in scope
    credited: float = 0.1
    part_paid: float = 0.25  # of the bills awaiting payment
    from_trust: float = 0.12
    online: float = 0.15
    in_two_payments: float = 0.15
    shared_payment: float = 0.08
    joined_payments: float = 0.3  # of a client's direct payments that lie near each other
    voided_payments: float = 0.03


def mix_for(seed: int) -> Mix:
    """Odd seeds: a firm whose first sync has nothing to complain of. Even seeds: some of everything."""
    if seed % 2:
        return Mix()
    return Mix(secondary_tax_bills=0.06, vendorless=0.08)
