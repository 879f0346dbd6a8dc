"""The organisation itself, its tax rates, currencies and tracking categories (X 3.11 to 3.13)."""

from typing import Any

from sandbox.xero.books import Books
from sandbox.xero.entities import TaxRate, TrackingCategory
from sandbox.xero.values import ms_date, ms_time

_ACTIONS = (
    "CreateApprovedBill",
    "CreateApprovedInvoice",
    "CreateBankTransaction",
    "CreateCreditNote",
    "CreateDraftInvoice",
    "CreateInvoicePayment",
    "UseMulticurrency",
)


def organisation(books: Books) -> dict[str, Any]:
    """The organisation; lock dates are absent when unset (X 3.11)."""
    profile = books.profile
    shown: dict[str, Any] = {
        "OrganisationID": books.tenant_id,
        "Name": profile.name,
        "LegalName": profile.legal_name,
        "PaysTax": True,
        "Version": profile.version,
        "OrganisationType": "COMPANY",
        "BaseCurrency": profile.currency,
        "CountryCode": profile.country,
        "IsDemoCompany": False,
        "OrganisationStatus": "ACTIVE",
        "FinancialYearEndDay": 31,
        "FinancialYearEndMonth": 12,
        "SalesTaxBasis": "ACCRUAL",
        "DefaultSalesTax": profile.default_sales_tax,
        "DefaultPurchasesTax": "INPUT",
        "CreatedDateUTC": ms_time(books.created),
        "Timezone": profile.timezone,
        "OrganisationEntityType": "COMPANY",
        "ShortCode": profile.short_code,
        "Class": profile.plan,
        "Edition": "BUSINESS",
        "Addresses": [],
        "Phones": [],
        "ExternalLinks": [],
        "PaymentTerms": {},
    }
    if books.period_lock is not None:
        shown["PeriodLockDate"] = ms_date(books.period_lock)
    if books.year_lock is not None:
        shown["EndOfYearLockDate"] = ms_date(books.year_lock)
    return shown


def actions(books: Books) -> list[dict[str, str]]:
    """What the plan allows."""
    month = (books.now().year, books.now().month)
    full = books.approved_per_month is not None and (
        books.invoices.count("approved_month", month) >= books.approved_per_month
    )
    blocked = {"CreateApprovedInvoice"} if full else set()
    if len(books.currencies) < 2:
        blocked.add("UseMulticurrency")
    return [{"Name": name, "Status": "NOT-ALLOWED" if name in blocked else "ALLOWED"} for name in _ACTIONS]


def tax_rate(row: TaxRate) -> dict[str, Any]:
    """A tax rate; rates are percentages."""
    return {
        "Name": row.name,
        "TaxType": row.tax_type,
        "ReportTaxType": row.report_type,
        "CanApplyToAssets": "ASSET" in row.classes,
        "CanApplyToEquity": "EQUITY" in row.classes,
        "CanApplyToExpenses": "EXPENSE" in row.classes,
        "CanApplyToLiabilities": "LIABILITY" in row.classes,
        "CanApplyToRevenue": "REVENUE" in row.classes,
        "DisplayTaxRate": row.rate,
        "EffectiveRate": row.rate,
        "Status": row.status,
        "TaxComponents": [{"Name": row.name, "Rate": row.rate, "IsCompound": False, "IsNonRecoverable": False}],
    }


def currencies(books: Books) -> list[dict[str, str]]:
    """The currencies that are switched on."""
    return [{"Code": code, "Description": name} for code, (name, _) in books.currencies.items()]


def tracking_category(row: TrackingCategory) -> dict[str, Any]:
    """A tracking category with its options."""
    return {
        "TrackingCategoryID": row.id,
        "Name": row.name,
        "Status": row.status,
        "Options": [
            {
                "TrackingOptionID": option_id,
                "Name": name,
                "Status": "ACTIVE",
                "HasValidationErrors": False,
                "IsDeleted": False,
                "IsArchived": False,
                "IsActive": True,
            }
            for option_id, name in row.options
        ],
    }
