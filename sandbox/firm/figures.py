"""How the stand-in Clio works out a bill. Clio documents no formula: this one is the stand-in's own choice.

Amounts are whole cents, hours hundredths, rates thousandths of a percent; halves are rounded away from zero.

    line sub_total      = quantity x price, rounded to the cent; 0 for a no-charge line
    line total          = line sub_total - line discount
    bill sub_total      = sum of the line totals; summary lines are left out, since they roll up other lines
    bill discount       = percentage of the eligible line totals, or an amount no greater than they are;
                          eligible are all lines, or the services only
    line tax            = rate x (line total - the line's share of the bill discount), rounded for each line;
                          shares are in proportion to the line totals, cents by largest remainder;
                          the secondary tax is on the same base (not on top of the primary tax)
    bill total_tax      = sum of the line taxes
    bill total          = sub_total + total_tax + interest
    bill due            = total - bill discount
    bill balance        = due - paid - credits_issued

A summary line shows the sums of the expense lines on its bill. A trust request has an amount and no lines.
"""

from collections.abc import Iterable, Sequence

from sandbox.firm.billing import Allocation, Bill, Discount, Line

PERCENT = 100_000  # thousandths of a percent in a whole


def half_up(numerator: int, denominator: int) -> int:
    """A division rounded to the nearest whole number, halves away from zero."""
    quotient = (2 * abs(numerator) + denominator) // (2 * denominator)
    return quotient if numerator >= 0 else -quotient


def shares(amount: int, weights: Sequence[int]) -> list[int]:
    """An amount split in proportion to the weights, cents by largest remainder (earlier ones first)."""
    whole = sum(weights)
    if not whole:
        return [0] * len(weights)
    parts = [amount * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda index: -(amount * weights[index] % whole))
    for index in by_remainder[: amount - sum(parts)]:
        parts[index] += 1
    return parts


def discount_on(base: int, discount: Discount | None) -> int:
    """What a discount takes off: never more than the base."""
    if discount is None:
        return 0
    wanted = half_up(base * discount.rate, PERCENT) if discount.type == "percentage" else discount.rate
    return min(wanted, base)


def bill_discount(bill: Bill) -> int:
    """What the bill's own discount takes off."""
    base = bill.services_sub_total if bill.discount_services_only else bill.sub_total
    return discount_on(base, bill.discount)


def work_out(bill: Bill, lines: Sequence[Line]) -> None:
    """Fill in the amounts of a bill and its lines from quantities, prices, discounts and rates."""
    counted = [line for line in lines if line.type != "SummaryLineItem"]
    for line in counted:
        free = line.type == "NoChargeLineItem"
        line.sub_total = 0 if free else half_up(line.quantity * line.price, 100)
        line.total = line.sub_total - discount_on(line.sub_total, line.discount)
    services = [line for line in counted if line.kind == "Service"]
    bill.sub_total = sum(line.total for line in counted) + bill.trust_amount
    bill.services_sub_total = sum(line.total for line in services)
    _work_out_taxes(bill, counted, services)
    _roll_up(lines, counted)
    bill.total_tax = bill.tax_sum + bill.secondary_tax_sum
    bill.total = bill.sub_total + bill.total_tax + bill.interest
    bill.due = bill.total - bill_discount(bill)
    settle(bill, None)


def _work_out_taxes(bill: Bill, counted: Sequence[Line], services: Sequence[Line]) -> None:
    eligible = services if bill.discount_services_only else counted
    taken = shares(bill_discount(bill), [line.total for line in eligible])
    off = {line.id: share for line, share in zip(eligible, taken, strict=True)}
    bases = {line.id: line.total - off.get(line.id, 0) for line in counted}
    for line in counted:
        base = bases[line.id]
        line.tax = half_up(base * bill.tax_rate, PERCENT) if line.taxable else 0
        line.secondary_tax = half_up(base * bill.secondary_tax_rate, PERCENT) if line.secondary_taxable else 0
    bill.tax_sum = sum(line.tax for line in counted)
    bill.secondary_tax_sum = sum(line.secondary_tax for line in counted)
    bill.services_tax = sum(line.tax for line in services)
    bill.services_secondary_tax = sum(line.secondary_tax for line in services)
    bill.taxable_sub_total = sum(bases[line.id] for line in counted if line.taxable)
    bill.secondary_taxable_sub_total = sum(bases[line.id] for line in counted if line.secondary_taxable)
    bill.services_taxable_sub_total = sum(bases[line.id] for line in services if line.taxable)
    bill.services_secondary_taxable_sub_total = sum(bases[line.id] for line in services if line.secondary_taxable)


def _roll_up(lines: Sequence[Line], counted: Sequence[Line]) -> None:
    expenses = [line for line in counted if line.kind == "Expense"]
    for line in lines:
        if line.type == "SummaryLineItem":
            line.sub_total = sum(expense.sub_total for expense in expenses)
            line.total = sum(expense.total for expense in expenses)
            line.price, line.quantity = line.sub_total, 100
            line.tax = sum(expense.tax for expense in expenses)
            line.secondary_tax = sum(expense.secondary_tax for expense in expenses)


def settle(bill: Bill, allocations: Iterable[Allocation] | None) -> None:
    """Work out the balance; with allocations, what was paid and credited too."""
    if allocations is not None:
        valid = [one for one in allocations if one.voided_at is None and one.counted]
        bill.paid = sum(one.amount for one in valid if one.parent_type == "Payment")
        bill.credits_issued = sum(one.amount for one in valid if one.parent_type == "CreditMemo")
        bill.interest_paid = sum(one.amount for one in valid if one.interest)
    bill.balance = bill.due - bill.paid - bill.credits_issued
