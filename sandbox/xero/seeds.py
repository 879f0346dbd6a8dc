"""The organisations that the stand-in starts with: invented law offices."""

from decimal import Decimal
from random import Random
from uuid import UUID

from sandbox.clock import Clock
from sandbox.xero.books import Books, Profile
from sandbox.xero.entities import Account, Contact, TaxRate, TrackingCategory

CLASSES = {
    "BANK": "ASSET",
    "CURRENT": "ASSET",
    "PREPAYMENT": "ASSET",
    "FIXED": "ASSET",
    "INVENTORY": "ASSET",
    "NONCURRENT": "ASSET",
    "CURRLIAB": "LIABILITY",
    "LIABILITY": "LIABILITY",
    "TERMLIAB": "LIABILITY",
    "PAYG": "LIABILITY",
    "REVENUE": "REVENUE",
    "SALES": "REVENUE",
    "OTHERINCOME": "REVENUE",
    "EXPENSE": "EXPENSE",
    "OVERHEADS": "EXPENSE",
    "DIRECTCOSTS": "EXPENSE",
    "DEPRECIATN": "EXPENSE",
    "EQUITY": "EQUITY",
}
ALL_CLASSES = frozenset(CLASSES.values())
SALES_CLASSES = frozenset({"ASSET", "EQUITY", "LIABILITY", "REVENUE"})
PURCHASE_CLASSES = frozenset({"ASSET", "EQUITY", "LIABILITY", "EXPENSE"})

# code, name, type, default tax type, system account, takes payments
_HARROW_CHART = [
    ("090", "Operating Account", "BANK", "NONE", "", False),
    ("091", "Trust Account", "BANK", "NONE", "", False),
    ("200", "Sales", "REVENUE", "TAX001", "", False),
    ("201", "Legal Fees", "REVENUE", "TAX001", "", False),
    ("210", "Interest Income", "REVENUE", "NONE", "", False),
    ("260", "Other Revenue", "REVENUE", "TAX001", "", False),
    ("299", "Conveyancing Fees (closed)", "REVENUE", "TAX001", "", False),
    ("404", "Bank Fees", "EXPENSE", "NONE", "", False),
    ("426", "Court Fees", "EXPENSE", "INPUT", "", False),
    ("427", "Client Disbursements", "CURRENT", "NONE", "", True),
    ("610", "Accounts Receivable", "CURRENT", "NONE", "DEBTORS", False),
    ("620", "Prepayments", "PREPAYMENT", "NONE", "", False),
    ("800", "Accounts Payable", "CURRLIAB", "NONE", "CREDITORS", False),
    ("820", "GST/HST", "CURRLIAB", "NONE", "GST", False),
    ("850", "Suspense", "CURRLIAB", "NONE", "", False),
    ("860", "Rounding", "CURRLIAB", "NONE", "ROUNDING", False),
    ("", "Sundry Income", "REVENUE", "NONE", "", False),
]
_QUIET_CHART = [
    ("100", "Chequing", "BANK", "NONE", "", False),
    ("120", "Receivables", "CURRENT", "NONE", "DEBTORS", False),
    ("400", "Trustee Fees", "REVENUE", "OUTPUT", "", False),
    ("410", "Advisory Fees", "REVENUE", "OUTPUT", "", False),
    ("500", "Filing Fees", "EXPENSE", "NONE", "", False),
    ("700", "Payables", "CURRLIAB", "NONE", "CREDITORS", False),
    ("710", "Sales Tax", "CURRLIAB", "NONE", "GST", False),
    ("790", "Rounding", "CURRLIAB", "NONE", "ROUNDING", False),
]


def _add_chart(books: Books, chart: list[tuple[str, str, str, str, str, bool]]) -> None:
    for code, name, kind, tax_type, system, takes_payments in chart:
        books.accounts.put(
            Account(
                id=books.new_id(),
                code=code,
                name=name,
                type=kind,
                account_class=CLASSES[kind],
                tax_type=tax_type,
                updated=books.now(),
                status="ARCHIVED" if code == "299" else "ACTIVE",
                system=system,
                payments_enabled=takes_payments,
                currency=books.profile.currency if kind == "BANK" else "",
            )
        )


def _add_rates(books: Books, *rates: TaxRate) -> None:
    books.tax_rates = {rate.tax_type: rate for rate in rates}


def _rate(tax_type: str, name: str, rate: str, report: str, *, status: str = "ACTIVE") -> TaxRate:
    classes = {"NONE": ALL_CLASSES, "OUTPUT": SALES_CLASSES, "INPUT": PURCHASE_CLASSES}[report]
    return TaxRate(tax_type=tax_type, name=name, rate=Decimal(rate), classes=classes, report_type=report, status=status)


def _add_tracking(books: Books, **categories: list[str]) -> None:
    for name, options in categories.items():
        books.tracking.append(
            TrackingCategory(
                id=books.new_id(), name=name, options=tuple((books.new_id(), option) for option in options)
            )
        )


def _harrow(clock: Clock, random: Random) -> Books:
    profile = Profile(
        name="Harrow & Lindqvist Law (stand-in)",
        legal_name="Harrow & Lindqvist Law Professional Corporation (stand-in)",
        currency="CAD",
        country="CA",
        version="GLOBAL",
        timezone="EASTERNSTANDARDTIME",
        short_code="!hl9Q1",
        default_sales_tax="TAX001",
    )
    books = Books(tenant_id=_tenant(random), profile=profile, clock=clock, random=random)
    books.currencies = {
        "CAD": ("Canadian Dollar", Decimal(1)),
        "USD": ("United States Dollar", Decimal("0.730000")),
    }
    _add_chart(books, _HARROW_CHART)
    _add_rates(
        books,
        _rate("NONE", "Tax Exempt", "0", "NONE"),
        _rate("TAX001", "HST on Sales", "13", "OUTPUT"),
        _rate("TAX002", "PST on Sales", "7", "OUTPUT"),
        _rate("TAX003", "HST and PST on Sales", "20", "OUTPUT"),
        _rate("INPUT", "HST on Purchases", "13", "INPUT"),
        _rate("TAX009", "HST on Sales (until 2016)", "15", "OUTPUT", status="ARCHIVED"),
    )
    _add_tracking(books, Office=["Toronto", "Ottawa"], Practice=["Litigation", "Real Estate", "Wills"])
    return books


def _quiet(clock: Clock, random: Random) -> Books:
    profile = Profile(
        name="Quiet Harbour Trust (stand-in)",
        legal_name="Quiet Harbour Trust LLC (stand-in)",
        currency="USD",
        country="US",
        version="US",
        timezone="PACIFICSTANDARDTIME",
        short_code="!qh4T7",
        default_sales_tax="OUTPUT",
        plan="STANDARD",
    )
    books = Books(tenant_id=_tenant(random), profile=profile, clock=clock, random=random)
    books.currencies = {"USD": ("United States Dollar", Decimal(1))}
    _add_chart(books, _QUIET_CHART)
    _add_rates(
        books,
        _rate("NONE", "Tax Exempt (0%)", "0", "NONE"),
        _rate("OUTPUT", "Tax on Sales", "8.25", "OUTPUT"),
        _rate("INPUT", "Tax on Purchases", "8.25", "INPUT"),
    )
    books.contacts.put(
        Contact(id=books.new_id(), name="Pier Nine Marina", updated=books.now(), email="desk@pier-nine.example")
    )
    return books


def _tenant(random: Random) -> str:
    return str(UUID(int=random.getrandbits(128), version=4))


def organisations(clock: Clock, seed: int) -> list[Books]:
    """The books that the stand-in starts with; ids depend on the seed alone."""
    return [_harrow(clock, Random(f"{seed}-harrow")), _quiet(clock, Random(f"{seed}-quiet"))]
