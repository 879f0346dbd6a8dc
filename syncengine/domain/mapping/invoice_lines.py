"""The lines of an invoice: Clio's own in the bill's order, then the bill's discount, then interest (BEHAVIOUR §5)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from syncengine.domain.documents import Blocked, DocumentLine
from syncengine.domain.mapping.coding import (
    INTEREST_CODING,
    Coding,
    category_of,
    code_interest,
    code_line,
    coding_text,
    tax_case,
)
from syncengine.domain.mapping.keeping import Kept, Standing
from syncengine.domain.mapping.readings import SettledLine, is_eligible
from syncengine.domain.mapping.totals import Settled
from syncengine.domain.mapping.wording import (
    bill_discount_text,
    empty_bill_text,
    free_text,
    line_discount_text,
    line_text,
)
from syncengine.domain.money import CENT, from_cents, round_half_up, share_by_largest_remainder, to_cents
from syncengine.domain.records import BillRecord, LineRecord, as_dict, digest_of
from syncengine.domain.rules import Rules

ONE: Final = Decimal(1)
INTEREST_KEY: Final = "interest"
TEXT_CODING: Final = "text"
_MAX_PLACES: Final = 4  # of quantities and, with unitdp=4, of unit prices (X 12.2)


@dataclass(frozen=True, slots=True)
class Sources:
    """What the lines are made from; `services` and `expenses` name Clio's categories."""

    bill: BillRecord
    rules: Rules
    standing: Standing
    services: Mapping[int, str]
    expenses: Mapping[int, str]

    def category_name(self, line: LineRecord) -> str:
        """The name of a line's category in Clio, or empty."""
        key = category_of(line=line)
        if key is None:
            return ""
        return (self.services if key[0] == "service" else self.expenses).get(key[1], "")


@dataclass(frozen=True, slots=True)
class Drafted:
    """A document line and whether Clio taxes it."""

    line: DocumentLine
    taxed: bool = False


def interest_digest(*, interest: Decimal) -> str:
    """Digest that a link keeps of an interest line: of its amount."""
    return digest_of([INTEREST_KEY, f"{interest:.2f}"])


def draft_lines(*, sources: Sources, settled: Settled, interest: Decimal) -> list[Drafted] | Blocked:
    """Draft all lines of a bill's invoice, without tax amounts; or give the first thing that blocks one.

    `interest` is the interest that belongs on this invoice, in the bill's currency.
    """
    drafted: list[Drafted] = []
    charged: list[tuple[SettledLine, Drafted]] = []
    for one in sorted(settled.lines, key=lambda one: _place(one.line)):
        if one.text_only:
            text = free_text(line=one.line, category=sources.category_name(one.line))
            drafted.append(Drafted(_text_line(sources, str(one.line.id), text, one.line.digest)))
            continue
        line = _charged_line(sources, one)
        if isinstance(line, Blocked):
            return line
        drafted.append(line)
        charged.append((one, line))
        if one.discount:
            drafted.append(_line_discount(sources, one, line))
    drafted.extend(_bill_discount(sources, settled, charged))
    if interest:
        line = _interest_line(sources, interest)
        if isinstance(line, Blocked):
            return line
        drafted.append(line)
    return drafted or [Drafted(_text_line(sources, "empty", empty_bill_text(bill=sources.bill)))]


def quantity_and_price(*, quantity: Decimal, price: Decimal, amount: Decimal) -> tuple[Decimal, Decimal] | None:
    """Give quantity and unit price if Xero would come to `amount` with them, to the cent; None if not.

    Both have at most four places, the quantity is above zero, and halves are rounded up (X 12.2, X 17.10).
    """
    fits = quantity > 0 and max(_places(quantity), _places(price)) <= _MAX_PLACES
    if not fits or round_half_up(quantity * price) != amount:
        return None
    return _tidy(quantity), price.quantize(CENT) if _places(price) <= 2 else _tidy(price)


def _place(line: LineRecord) -> tuple[bool, int, int]:
    """The bill's order; lines without a place come last, by id."""
    return (line.order is None, line.order or 0, line.id)


def _places(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return -exponent if isinstance(exponent, int) and exponent < 0 else 0


def _tidy(value: Decimal) -> Decimal:
    return value.quantize(ONE.scaleb(-_places(value)))


def _text_line(sources: Sources, key: str, text: str, record_digest: str = "") -> DocumentLine:
    kept = sources.standing.kept(key=key, record_digest=record_digest, coding=TEXT_CODING)
    return DocumentLine(
        key=key,
        description=text,
        line_item_id=kept.line_item_id,
        record_digest=record_digest,
        coding=TEXT_CODING,
    )


def _charged_line(sources: Sources, one: SettledLine) -> Drafted | Blocked:
    line, bill = one.line, sources.bill
    key, digest, coding = str(line.id), line.digest, coding_text(bill=bill, line=line)
    kept = sources.standing.kept(key=key, record_digest=digest, coding=coding)
    booked = _booked(kept)
    if booked is None:
        present = code_line(bill=bill, line=line, rules=sources.rules)
        if isinstance(present, Blocked):
            return present
        booked = Coding(kept.account_code or present.account_code, kept.tax_type or present.tax_type)
    exact = quantity_and_price(quantity=line.quantity, price=line.price, amount=one.amount)
    quantity, unit_amount = exact or (ONE, one.amount)
    shown = exact is None and bool(line.quantity and line.price)
    document_line = DocumentLine(
        key=key,
        description=line_text(line=line, category=sources.category_name(line), rate_shown=shown),
        quantity=quantity,
        unit_amount=unit_amount,
        amount=one.amount,
        account_code=booked.account_code,
        tax_type=booked.tax_type,
        line_item_id=kept.line_item_id,
        tracking=kept.tracking,
        record_digest=digest,
        coding=coding,
    )
    return Drafted(document_line, taxed=tax_case(bill=bill, line=line) != "none")


def _booked(kept: Kept) -> Coding | None:
    """What is kept, if that is all a line needs; then the present rules are not even asked."""
    return Coding(kept.account_code, kept.tax_type) if kept.account_code and kept.tax_type else None


def _negative(
    sources: Sources, *, key: str, text: str, amount: Decimal, like: DocumentLine, record_digest: str, coding: str
) -> DocumentLine:
    """A negative line, booked like another one unless it has its own booking in Xero to keep."""
    kept = sources.standing.kept(key=key, record_digest=record_digest, coding=coding)
    return DocumentLine(
        key=key,
        description=text,
        quantity=ONE,
        unit_amount=-amount,
        amount=-amount,
        account_code=kept.account_code or like.account_code,
        tax_type=kept.tax_type or like.tax_type,
        line_item_id=kept.line_item_id,
        tracking=kept.tracking if kept.account_code or kept.tracking else like.tracking,
        record_digest=record_digest,
        coding=coding,
    )


def _line_discount(sources: Sources, one: SettledLine, beside: Drafted) -> Drafted:
    line = _negative(
        sources,
        key=f"{one.line.id}:discount",
        text=line_discount_text(line=one.line, category=sources.category_name(one.line)),
        amount=one.discount,
        like=beside.line,
        record_digest=one.line.digest,
        coding=beside.line.coding,
    )
    return replace(beside, line=line)


def _bill_discount(
    sources: Sources, settled: Settled, charged: Sequence[tuple[SettledLine, Drafted]]
) -> Iterator[Drafted]:
    """One negative line for each account and tax type that the bill's discount reduces, in proportion to its lines."""
    groups: dict[tuple[str, str], list[tuple[SettledLine, Drafted]]] = {}
    for one, drafted in charged:
        if is_eligible(bill=sources.bill, line=one.line):
            groups.setdefault((drafted.line.account_code, drafted.line.tax_type), []).append((one, drafted))
    if not groups or not settled.bill_discount:
        return
    places = sorted(groups)
    weights = [max(sum(to_cents(one.net) for one, _ in groups[place]), 0) for place in places]
    shares = share_by_largest_remainder(cents=to_cents(settled.bill_discount), weights=weights)
    codings = [f"discount:{account}:{tax}" for account, tax in places]
    keys = sources.standing.discount_keys(codings=codings)
    for place, share, coding, key in zip(places, shares, codings, keys, strict=True):
        if share:
            line = _negative(
                sources,
                key=key,
                text=bill_discount_text(bill=sources.bill),
                amount=from_cents(share),
                like=DocumentLine(key="", description="", account_code=place[0], tax_type=place[1]),
                record_digest=digest_of([coding, as_dict(sources.bill)["discount"], share]),
                coding=coding,
            )
            yield Drafted(line, taxed=any(drafted.taxed for _, drafted in groups[place]))


def _interest_line(sources: Sources, interest: Decimal) -> Drafted | Blocked:
    digest = interest_digest(interest=interest)
    kept = sources.standing.kept(key=INTEREST_KEY, record_digest=digest, coding=INTEREST_CODING)
    booked = _booked(kept) or code_interest(rules=sources.rules)
    if isinstance(booked, Blocked):
        return booked
    line = DocumentLine(
        key=INTEREST_KEY,
        description="Interest",
        quantity=ONE,
        unit_amount=interest,
        amount=interest,
        account_code=kept.account_code or booked.account_code,
        tax_type=kept.tax_type or booked.tax_type,
        line_item_id=kept.line_item_id,
        tracking=kept.tracking,
        record_digest=digest,
        coding=INTEREST_CODING,
    )
    return Drafted(line)
