"""Coding: which account and which tax type a line gets from the present rules (BEHAVIOUR §3, §5).

A line's coding text, "kind:category:tax case", holds what decides its account and tax on Clio's side. As long as it
stays the same, an edited line keeps what it has in Xero.
"""

from dataclasses import dataclass
from typing import Final, Literal

from syncengine.domain.documents import Blocked
from syncengine.domain.mapping.readings import is_service
from syncengine.domain.records import BillRecord, LineRecord
from syncengine.domain.rules import CategoryKey, Rules

TaxCase = Literal["none", "primary", "secondary", "both"]

_TAX_FIELD: Final[dict[TaxCase, str]] = {
    "none": "tax_none",
    "primary": "tax_primary",
    "secondary": "tax_secondary",
    "both": "tax_both",
}
_FIELD_WORDS: Final = {
    "time_entries_account": "Time Entries",
    "expenses_account": "Expenses",
    "interest_account": "Interest",
    "credit_notes_account": "Credit Notes",
    "clio_payments_account": "Clio Payments",
    "payment_bank_account": "payments (Match Clio payments to Xero bank account)",
    "tax_none": "untaxed lines",
    "tax_primary": "lines with the primary tax",
    "tax_secondary": "lines with the secondary tax",
    "tax_both": "lines with both taxes",
}

#: Coding of what has no Clio line of its own.
INTEREST_CODING: Final = "interest::none"


@dataclass(frozen=True, slots=True)
class Coding:
    """Where a line is booked: an account's code and a tax type, both as Xero names them."""

    account_code: str
    tax_type: str


def tax_case(*, bill: BillRecord, line: LineRecord) -> TaxCase:
    """Say which of Clio's taxes are on a line. A taxable line on a bill without any tax is untaxed."""
    primary = line.taxable and bool(bill.tax_rate or line.tax)
    secondary = line.secondary_taxable and bool(bill.secondary_tax_rate or line.secondary_tax)
    if primary and secondary:
        return "both"
    if primary:
        return "primary"
    return "secondary" if secondary else "none"


def category_of(*, line: LineRecord) -> CategoryKey | None:
    """Give the key of a line's category, or None if it has none."""
    if is_service(line=line):
        return ("service", line.service_category_id) if line.service_category_id is not None else None
    return ("expense", line.expense_category_id) if line.expense_category_id is not None else None


def coding_text(*, bill: BillRecord, line: LineRecord) -> str:
    """Give what decides a line's account and tax, as text to compare: "service:61:primary"."""
    key = category_of(line=line)
    category = "" if key is None else key[1]
    return f"{line.kind.casefold()}:{category}:{tax_case(bill=bill, line=line)}"


def code_line(*, bill: BillRecord, line: LineRecord, rules: Rules) -> Coding | Blocked:
    """Give a line's account and tax by the present rules, or say what is missing."""
    if line.kind.casefold() not in {"service", "expense"}:
        return Blocked(
            code="line_kind_unknown",
            message=f"A line of the bill is neither a service nor an expense but “{line.kind}”",
            remedy="Make the line a service or an expense in Clio.",
            field="kind",
            details={"line": str(line.id)},
        )
    account = _account_of_line(line, rules)
    if isinstance(account, Blocked):
        return account
    tax = find_tax(case=tax_case(bill=bill, line=line), rules=rules)
    return tax if isinstance(tax, Blocked) else Coding(account, tax)


def code_interest(*, rules: Rules) -> Coding | Blocked:
    """Give account and tax of interest: the Interest account, untaxed."""
    account = find_account(account_id=rules.interest_account, field="interest_account", rules=rules)
    if isinstance(account, Blocked):
        return account
    tax = find_tax(case="none", rules=rules)
    return tax if isinstance(tax, Blocked) else Coding(account, tax)


def _account_of_line(line: LineRecord, rules: Rules) -> str | Blocked:
    key = category_of(line=line)
    chosen = rules.category_accounts.get(key, "") if key else ""
    if key and chosen:
        return find_account(account_id=chosen, field=f"category:{key[0]}:{key[1]}", rules=rules)
    if is_service(line=line):
        return find_account(account_id=rules.time_entries_account, field="time_entries_account", rules=rules)
    return find_account(account_id=rules.expenses_account, field="expenses_account", rules=rules)


def find_account(*, account_id: str, field: str, rules: Rules) -> str | Blocked:
    """Give an account's code by its Xero AccountID, or Blocked if none is chosen or it cannot be used now.

    An account that cannot be used is one cause, however many bills need it: `cause` is the AccountID (BEHAVIOUR §10).
    """
    where = _FIELD_WORDS.get(field, "one of its categories")
    if not account_id:
        return Blocked(
            code="account_missing",
            message=f"No Xero account is chosen for {where}",
            remedy=f"Choose an account for {where} on the Xero settings page.",
            field=field,
            cause=field,
        )
    account = rules.accounts.get(account_id)
    if account is not None and account.is_usable:
        return account.code
    if account is None:
        what = f"The Xero account chosen for {where} is no longer in Xero's chart"
    elif account.status != "ACTIVE":
        what = f"The account {account.label}, chosen for {where}, is archived in Xero"
    else:
        what = f"The account {account.label}, chosen for {where}, has no code in Xero"
    return Blocked(
        code="account_archived",
        message=what,
        remedy="Choose another account on the Xero settings page. Or restore the account (and its code) in Xero.",
        field=field,
        cause=account_id,
        details={"account": account.label if account else account_id},
    )


def find_tax(*, case: TaxCase, rules: Rules) -> str | Blocked:
    """Give the tax type for one of Clio's tax cases, or Blocked if none is chosen or it cannot be used now."""
    field = _TAX_FIELD[case]
    where = _FIELD_WORDS[field]
    tax_type: str = getattr(rules, field)
    if not tax_type:
        return Blocked(
            code="tax_missing",
            message=f"No Xero tax rate is chosen for {where}",
            remedy=f"Choose a tax rate for {where} on the Xero settings page.",
            field=field,
            cause=field,
        )
    rate = rules.tax_rates.get(tax_type)
    if rate is not None and rate.is_active:
        return tax_type
    name = rate.name if rate else tax_type
    return Blocked(
        code="tax_archived",
        message=f"The tax rate {name}, chosen for {where}, is no longer active in Xero",
        remedy="Choose another tax rate on the Xero settings page. Make this one active again in Xero.",
        field=field,
        cause=tax_type,
        details={"tax_type": tax_type},
    )
