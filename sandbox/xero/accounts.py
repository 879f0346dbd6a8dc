"""The chart of accounts: changes by the API (X 7.39b) and how an account is shown."""

from dataclasses import replace
from typing import Any

from sandbox.xero import messages
from sandbox.xero.books import Books
from sandbox.xero.entities import Account
from sandbox.xero.problems import Refused
from sandbox.xero.reading import Ask
from sandbox.xero.seeds import CLASSES
from sandbox.xero.values import folded, ms_time


def create(books: Books, ask: Ask) -> Account:
    """Add an account; only a bank account may be without a code. Raises Refused."""
    kind = ask.get("Type", "").upper()
    if kind not in CLASSES:
        raise Refused(messages.ACCOUNT_TYPE_INVALID)
    problems = _taken(books, ask, "")
    if not ask.get("Name"):
        problems.append(messages.ACCOUNT_NAME_TAKEN)
    if not ask.get("Code") and kind != "BANK":
        problems.append(messages.ACCOUNT_CODE_NEEDED)
    if problems:
        raise Refused(*problems)
    return books.accounts.put(
        Account(
            id=books.new_id(),
            code=ask.get("Code", ""),
            name=ask["Name"],
            type=kind,
            account_class=CLASSES[kind],
            tax_type=ask.get("TaxType", "NONE"),
            updated=books.now(),
            payments_enabled=ask.get("EnablePaymentsToAccount", False),
            currency=ask.get("CurrencyCode", books.profile.currency) if kind == "BANK" else "",
            description=ask.get("Description", ""),
        )
    )


def change(books: Books, account: Account, ask: Ask) -> Account:
    """Rename, recode or archive an account; archiving is asked for alone. Raises Refused."""
    if ask.get("Status", "ACTIVE").upper() == "ARCHIVED":
        return _archive(books, account, ask)
    problems = _taken(books, ask, account.id)
    if problems:
        raise Refused(*problems)
    changes: dict[str, Any] = {
        field: ask[key]
        for key, field in (
            ("Code", "code"),
            ("Name", "name"),
            ("TaxType", "tax_type"),
            ("EnablePaymentsToAccount", "payments_enabled"),
            ("Description", "description"),
        )
        if key in ask
    }
    if ask.get("Type", "").upper() in CLASSES and not account.system:
        kind = ask["Type"].upper()
        changes.update(type=kind, account_class=CLASSES[kind])
    if "Status" in ask:
        changes["status"] = "ACTIVE"
    return put(books, account, **changes)


def _archive(books: Books, account: Account, ask: Ask) -> Account:
    if set(ask) - {"AccountID", "Status"}:
        raise Refused(messages.ARCHIVE_ALONE)
    if account.system:
        raise Refused(messages.ACCOUNT_IS_SYSTEM)
    return put(books, account, status="ARCHIVED")


def delete(books: Books, account: Account) -> Account:
    """Delete an account that nothing uses. Raises Refused."""
    if account.system:
        raise Refused(messages.ACCOUNT_IS_SYSTEM)
    tables = (books.invoices, books.credit_notes, books.bank_transactions)
    used = any(line.account_id == account.id for table in tables for row in table for line in row.lines)
    paid = any(payment.account_id == account.id for payment in books.payments)
    if used or paid or any(row.bank_account == account.id for row in books.bank_transactions):
        raise Refused(messages.ACCOUNT_IN_USE)
    return put(books, account, status="DELETED", code="")


def put(books: Books, account: Account, **changes: Any) -> Account:
    """The account with these changes and its moment."""
    return books.accounts.put(replace(account, **changes, updated=books.now()))


def _taken(books: Books, ask: Ask, own_id: str) -> list[str]:
    problems = []
    for key, index, message in (
        ("Code", "code", messages.ACCOUNT_CODE_TAKEN),
        ("Name", "name", messages.ACCOUNT_NAME_TAKEN),
    ):
        held = books.accounts.find(index, folded(ask.get(key, "")))
        if ask.get(key) and any(row.id != own_id and row.status != "DELETED" for row in held):
            problems.append(message)
    if len(ask.get("Code", "")) > 10:
        problems.append(messages.too_long("Code", 10))
    if len(ask.get("Name", "")) > 150:
        problems.append(messages.too_long("Name", 150))
    return problems


def view(_books: Books, row: Account) -> dict[str, Any]:
    """An account; a code that was never given is left out (X 3.10)."""
    shown: dict[str, Any] = {"AccountID": row.id}
    if row.code:
        shown["Code"] = row.code
    shown.update(
        {
            "Name": row.name,
            "Status": row.status,
            "Type": row.type,
            "TaxType": row.tax_type,
            "Class": row.account_class,
            "EnablePaymentsToAccount": row.payments_enabled,
            "ShowInExpenseClaims": False,
            "ReportingCode": row.account_class[:3],
            "HasAttachments": False,
            "UpdatedDateUTC": ms_time(row.updated),
            "AddToWatchlist": False,
        }
    )
    if row.description:
        shown["Description"] = row.description
    if row.system:
        shown["SystemAccount"] = row.system
    if row.type == "BANK":
        shown["BankAccountType"] = "BANK"
        shown["BankAccountNumber"] = "000000000"
        shown["CurrencyCode"] = row.currency
    return shown
