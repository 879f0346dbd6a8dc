"""A small chart and the facts of a firm, for tests to vary."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from accounts.models import Firm, Plan
from syncengine.domain.chart import Chart
from syncengine.domain.rules import Account, TaxRate
from syncengine.pages.facts import ConnectionView, Facts

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


def account(account_id: str, code: str, name: str, kind: str = "REVENUE", cls: str = "REVENUE", **more: Any) -> Account:
    values = {"account_id": account_id, "code": code, "name": name, "type": kind, "account_class": cls}
    return Account(**{"status": "ACTIVE", **values, **more})


def rate(tax_type: str, name: str, percentage: str, **more: Any) -> TaxRate:
    return TaxRate(**{"status": "ACTIVE", **more}, tax_type=tax_type, name=name, effective_rate=Decimal(percentage))


def chart_of(accounts: list[Account], rates: list[TaxRate] | None = None) -> Chart:
    return Chart({one.account_id: one for one in accounts}, {one.tax_type: one for one in rates or []})


SALES = account("a-sales", "200", "Sales")
FEES = account("a-fees", "201", "Legal fees", "SALES")
COSTS = account("a-costs", "310", "Disbursements", "DIRECTCOSTS", "EXPENSE")
PREPAID = account("a-prepaid", "620", "Client costs advanced", "CURRENT", "ASSET")
DEPOSITS = account("a-deposits", "850", "Deposits held", "CURRLIAB", "LIABILITY")
PLANT = account("a-plant", "710", "Office equipment", "FIXED", "ASSET")
BANK = account("a-bank", "090", "Operating account", "BANK", "ASSET")
CARD = account("a-card", "095", "Credit card", "BANK", "LIABILITY")
GST = account("a-gst", "820", "GST", "CURRLIAB", "LIABILITY", system_account="GST")
OLD = account("a-old", "205", "Old fees", status="ARCHIVED")
NO_CODE = account("a-nocode", "", "Consulting")

CHART = chart_of(
    [SALES, FEES, COSTS, PREPAID, DEPOSITS, PLANT, BANK, CARD, GST, OLD, NO_CODE],
    [
        rate("NONE", "No Tax", "0"),
        rate("OUTPUT", "HST on Sales (13%)", "13"),
        rate("TAX002", "PST", "7.0000"),
        rate("TAX003", "GST", "5"),
        rate("TAX004", "GST on services", "5"),
        rate("INPUT", "HST on Purchases", "13", can_apply_to_revenue=False),
        rate("TAX009", "HST 2009", "8", status="ARCHIVED"),
    ],
)


def connected(service: str) -> ConnectionView:
    return ConnectionView(service, service.capitalize(), "connected", name="Hale & Partners", region="ca")


def facts(**changes: Any) -> Facts:
    """A firm that is connected and configured, has synced, and has nothing to complain about."""
    good = Facts(
        firm=Firm(pk=1, name="Hale & Partners", plan=Plan.BOUTIQUE),
        clio=connected("clio"),
        xero=connected("xero"),
        is_saved=True,
        export_bills=True,
        due_at=NOW,
        is_asked=False,
        first_sync_done_at=NOW,
        open_errors=0,
        ignored_errors=0,
        bills={"in_step": 40},
        runs=(),
    )
    return replace(good, **changes)
