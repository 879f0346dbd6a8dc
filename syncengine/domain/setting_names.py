"""The settings by the names that pages, errors and the history give them, in the page's order (BEHAVIOUR §3)."""

from typing import Final

SETTING_NAMES: Final[dict[str, str]] = {
    "export_bills": "Export Bills from Clio to Xero",
    "time_entries_account": "Time Entries",
    "expenses_account": "Expenses",
    "interest_account": "Interest",
    "credit_notes_account": "Credit Notes",
    "clio_payments_account": "Clio Payments",
    "payment_bank_account": "Match Clio payments to Xero bank account",
    "bills_issued_from": "Sync bills issued from",
    "bills_issued_to": "Sync bills issued to",
    "only_approved_bills": "Only sync bills that are Awaiting Payment or Paid",
    "append_contact_ids": "Append Clio IDs to contacts",
    "tax_none": "Untaxed",
    "tax_primary": "Primary tax",
    "tax_secondary": "Secondary tax",
    "tax_both": "Primary and secondary tax",
}

ACCOUNT_SETTINGS: Final = (
    "time_entries_account",
    "expenses_account",
    "interest_account",
    "credit_notes_account",
    "clio_payments_account",
    "payment_bank_account",
)
#: Clio's own payment service, which it offers in these regions only.
CLIO_PAYMENTS_REGIONS: Final = frozenset({"us", "ca"})
TAX_SETTINGS: Final = ("tax_none", "tax_primary", "tax_secondary", "tax_both")
