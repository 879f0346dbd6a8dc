"""Accounts proposed to somebody who sets a firm up, by type and name; a proposal counts only once it is saved."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from syncengine.domain.chart import Chart, Use
from syncengine.domain.rules import Account

#: What the names of suitable accounts say, the most telling words first.
_WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "time_entries_account": (
        r"legal (fees|services)|solicitors?'? fees|professional fees",
        r"fees|legal|time (entries|billed)",
        r"sales|services",
        r"revenue",
    ),
    "expenses_account": (
        r"(disbursements?|expenses?|costs?) recover(ed|able)|recover(ed|able) (disbursements?|expenses?|costs?)",
        r"disbursements?|client costs?|costs? advanced|advanced (client )?costs?",
        r"reimburs\w+|other (revenue|income)",
    ),
    "interest_account": (r"interest (income|received|earned|on)", r"interest"),
    "credit_notes_account": (r"write.?offs?|credit notes?|bad debts?", r"discounts?|allowances?|credits"),
    "clio_payments_account": (r"clio payments?", r"clio"),
}
#: Names of accounts that are none of these things, whatever else they say.
_NOT: Final = re.compile(r"\b(closed|old|do not use|trust|payable|expense claims?|paid)\b", re.IGNORECASE)

_USES: Final[Mapping[str, Use]] = {
    "time_entries_account": Use.SERVICES,
    "expenses_account": Use.EXPENSES,
    "interest_account": Use.SERVICES,
    "credit_notes_account": Use.CREDIT_NOTES,
    "clio_payments_account": Use.PAYMENTS,
}


def suggested_accounts(chart: Chart) -> dict[str, str]:
    """For each account setting the AccountID of the one account that suits best by name, else empty text.

    Never a guess between several: where the same words fit two accounts, nothing is proposed. The bank account that
    payments are matched to is never proposed, since None is a choice that people make on purpose (BEHAVIOUR §3).
    """
    return {name: _best(chart.choices(use), _WORDS[name]) for name, use in _USES.items()} | {"payment_bank_account": ""}


def _best(accounts: Sequence[Account], words: Iterable[str]) -> str:
    for pattern in words:
        saying = re.compile(rf"\b({pattern})\b", re.IGNORECASE)
        found = [one for one in accounts if saying.search(one.name) and not _NOT.search(one.name)]
        if found:
            return found[0].account_id if len(found) == 1 else ""
    return ""
