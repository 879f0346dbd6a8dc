"""From the lines of a write to lines of a document: amounts, account, tax type, tracking (X 6, 7.17, 12)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from sandbox.xero import lines as sums
from sandbox.xero import messages
from sandbox.xero.books import Books
from sandbox.xero.entities import Account, Line
from sandbox.xero.problems import Refused
from sandbox.xero.reading import Ask
from sandbox.xero.values import ZERO, folded, rounded

BANK_TYPES = ("SPEND", "RECEIVE")
_LARGEST = Decimal("9999999999.99")
_AMOUNTS = ("Quantity", "UnitAmount", "LineAmount", "DiscountRate", "DiscountAmount")
_LINE_TARGETS = ("", "ROUNDING")  # the other system accounts take no lines (X 7.39, 12.6)


@dataclass
class Work:
    """One element being worked on: where, how exactly (`places` of unit prices), and what is wrong with it so far."""

    books: Books
    places: int
    problems: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def add(self, message: str) -> None:
        """Keep a broken rule; the rules after it are looked at too."""
        self.problems.append(message)

    def stop(self) -> None:
        """Raise Refused if any rule is broken so far."""
        if self.problems:
            raise Refused(*self.problems)


@dataclass(frozen=True, slots=True)
class Terms:
    """What a line must know of its document. `approving`: every line's account is looked at again."""

    type: str
    status: str
    amount_types: str
    approving: bool

    @property
    def is_draft(self) -> bool:
        """Whether it is not approved yet: then an account may be missing (X 6.21)."""
        return self.status in {"DRAFT", "SUBMITTED"}


def code_lines(work: Work, asked: Sequence[Ask], before: Mapping[str, Line], terms: Terms) -> tuple[Line, ...]:
    """The document's lines after the write. A line with the id of one of `before` changes it; others are new (X 7.17).

    Broken rules are added to the work.
    """
    return tuple(_code_line(work, ask, before, terms) for ask in asked)


def _code_line(work: Work, ask: Ask, before: Mapping[str, Line], terms: Terms) -> Line:
    base = before.get(ask["LineItemID"]) if "LineItemID" in ask else None
    if base is None and "LineItemID" in ask:
        work.add(messages.LINE_ID_UNKNOWN)
    line_id = base.id if base else work.books.new_id()
    description = ask.get("Description", base.description if base else "")
    if len(description) > 4000:
        work.add(messages.too_long("Description", 4000))
    if not description and not terms.is_draft:
        work.add(messages.DESCRIPTION_MISSING)
    tracking = _tracking(work, ask["Tracking"]) if "Tracking" in ask else (base.tracking if base else ())
    if _is_text_alone(ask, base):
        return Line(id=line_id, description=description, tracking=tracking)
    quantity, unit_amount, amount = _amounts(work, ask, base, terms)
    account = _account(work, ask, base, terms)
    tax_type = _tax_type(work, ask, base, terms, account)
    tax, given = _tax(work, ask, base, terms, (amount, tax_type))
    return Line(
        id=line_id,
        description=description,
        quantity=quantity,
        unit_amount=unit_amount,
        account_id=account.id if account else "",
        tax_type=tax_type,
        tax_amount=tax,
        tax_given=given,
        line_amount=amount,
        discount_rate=ask.get("DiscountRate", base.discount_rate if base else None),
        discount_amount=ask.get("DiscountAmount", base.discount_amount if base else None),
        item_code=ask.get("ItemCode", base.item_code if base else ""),
        tracking=tracking,
    )


def _is_text_alone(ask: Ask, base: Line | None) -> bool:
    """A line with a description and nothing else (X 3.5)."""
    if base is not None and base.quantity is not None:
        return False
    return not any(key in ask for key in (*_AMOUNTS, "AccountCode", "AccountID", "TaxAmount"))


def _amounts(work: Work, ask: Ask, base: Line | None, terms: Terms) -> tuple[Decimal, Decimal, Decimal]:
    """Quantity, unit price and line amount, checked against each other (X 6.16, 12.2)."""
    if base is not None and base.quantity is not None and not any(key in ask for key in _AMOUNTS):
        return base.quantity, base.unit_amount, base.line_amount
    sent: Decimal | None = ask.get("LineAmount")
    asked_quantity = ask.get("Quantity", base.quantity if base else None)
    asked_unit = ask.get("UnitAmount", base.unit_amount if base and base.quantity is not None else None)
    quantity, unit_amount = sums.missing_part(asked_quantity, asked_unit, sent, work.places)
    rate = ask.get("DiscountRate", base.discount_rate if base else None)
    discount = ask.get("DiscountAmount", base.discount_amount if base else None)
    if not terms.type.startswith("ACCREC"):
        rate = discount = None  # discounts exist on sales only (X 3.5)
    gross = rounded(quantity * unit_amount)
    if discount is not None and discount > gross:
        work.add(messages.discount_invalid(discount))
    elif rate is not None and not 0 <= rate <= 100:
        work.add(messages.discount_invalid(rate))
    amount = sums.line_amount(quantity, unit_amount, discount_rate=rate, discount_amount=discount)
    if sent is not None and rounded(sent) != amount:
        if asked_quantity is None or asked_unit is None:
            amount = rounded(sent)
        else:
            work.add(messages.line_total(rounded(sent), amount))
    _check_size(work, terms, quantity, unit_amount, amount)
    return quantity, unit_amount, amount


def _check_size(work: Work, terms: Terms, quantity: Decimal, unit_amount: Decimal, amount: Decimal) -> None:
    if terms.type in BANK_TYPES:
        if quantity <= 0:
            work.add(messages.BANK_QUANTITY)
        if not unit_amount:
            work.add(messages.BANK_UNIT_AMOUNT)
    elif quantity < 0:
        work.add(messages.QUANTITY_NEGATIVE)
    if abs(amount) > _LARGEST:
        work.add(messages.LINE_TOO_LARGE)


def _account(work: Work, ask: Ask, base: Line | None, terms: Terms) -> Account | None:
    """The line's account, looked at where it was sent, is new, or the document is being approved."""
    books, code, account_id = work.books, ask.get("AccountCode", ""), ask.get("AccountID", "")
    if not code and not account_id:
        held = books.accounts.get(base.account_id) if base and base.account_id else None
        if held is None and not terms.is_draft:
            work.add(messages.ACCOUNT_MISSING)
        if held is not None and terms.approving:
            _check_account(work, held)
        return held
    account = books.account_by_code(code) if code else books.accounts.get(account_id)
    if account is None and terms.is_draft:
        work.warnings.append(messages.account_removed(code or account_id))
    elif account is None:
        work.add(messages.account_not_valid(code or account_id))
    else:
        _check_account(work, account)
    return account


def _check_account(work: Work, account: Account) -> None:
    shown = account.code or account.id
    if account.status != "ACTIVE":
        work.add(messages.account_archived(shown))
    elif account.type == "BANK" or account.system not in _LINE_TARGETS:
        work.add(messages.account_not_valid(shown))


def _tax_type(work: Work, ask: Ask, base: Line | None, terms: Terms, account: Account | None) -> str:
    """The line's tax type: as sent, else as it was, else the account's own; it must suit the account (X 6.22)."""
    if terms.amount_types == "NoTax":
        return "NONE"
    if "TaxType" in ask:
        tax_type = str(ask["TaxType"])
    elif base is not None and base.tax_type:
        tax_type = base.tax_type
    else:
        tax_type = account.tax_type if account else "NONE"
    if not tax_type:
        work.add(messages.TAX_MISSING)
        return ""
    looked_at = base is None or terms.approving or any(key in ask for key in ("TaxType", "AccountCode", "AccountID"))
    if not looked_at:
        return tax_type
    rate = work.books.tax_rates.get(tax_type)
    shown = (account.code or account.id) if account else ""
    if rate is None or rate.status != "ACTIVE":
        work.add(messages.tax_unknown(tax_type))
        if account is not None:
            work.add(messages.tax_not_for_account(tax_type, shown))
    elif account is not None and account.account_class not in rate.classes:
        work.add(messages.tax_not_for_account(tax_type, shown))
    return tax_type


def _tax(
    work: Work, ask: Ask, base: Line | None, terms: Terms, amount_and_type: tuple[Decimal, str]
) -> tuple[Decimal, bool]:
    """The line's tax, and whether it was given rather than worked out (X 12.5)."""
    amount, tax_type = amount_and_type
    if terms.amount_types == "NoTax":
        return ZERO, False
    if "TaxAmount" in ask:
        return rounded(ask["TaxAmount"]), True
    if base is not None and base.tax_given and (base.line_amount, base.tax_type) == amount_and_type:
        return base.tax_amount, True
    rate = work.books.tax_rates.get(tax_type)
    return sums.line_tax(amount, rate.rate if rate else ZERO, terms.amount_types), False


def _tracking(work: Work, asked: Sequence[Ask]) -> tuple[tuple[str, str], ...]:
    found = []
    for ask in asked:
        pair = find_tracking(work.books, ask)
        if pair is None:
            work.add(messages.tracking_unknown(ask.get("Option") or ask.get("Name") or ""))
        else:
            found.append(pair)
    return tuple(dict(found[:2]).items())


def find_tracking(books: Books, ask: Ask) -> tuple[str, str] | None:
    """The ids of a tracking category and option named by id or by name."""
    for category in books.tracking:
        if ask.get("TrackingCategoryID") != category.id and folded(ask.get("Name", "")) != folded(category.name):
            continue
        for option_id, name in category.options:
            if ask.get("TrackingOptionID") == option_id or folded(ask.get("Option", "")) == folded(name):
                return category.id, option_id
    return None
