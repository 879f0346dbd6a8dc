"""The list of bills as a file for a spreadsheet: all pages of a filter, a stretch at a time."""

import csv
from collections.abc import Iterator
from typing import Any, Final

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.firm_scope import firm_scope
from accounts.models import Firm
from syncengine.domain.money import from_cents
from syncengine.models import Link
from syncengine.pages.bill_filter import BillFilter
from syncengine.pages.bills import found_bills, order_of

_STRETCH: Final = 1000
#: Spreadsheets know UTF-8 by this.
_MARK: Final = "\ufeff"
#: A cell that begins with one of these is taken for a formula by spreadsheets.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")


class _Echo:
    """A file that hands on what is written into it."""

    def write(self, value: str) -> str:
        return value


def bills_csv(*, firm: Firm, chosen: BillFilter) -> Iterator[str]:
    """Give the lines of the file: UTF-8 with its mark, dates as ISO text, amounts as plain numbers.

    It is read after the view has returned, so every stretch opens the firm's scope itself. Stretches follow one another
    by the sorted column and the Clio id, so that memory stays flat and a bill that changes meanwhile moves no other.
    """
    write = csv.writer(_Echo()).writerow
    yield _MARK + str(write(_headings()))
    last: Link | None = None
    while True:
        with firm_scope(firm):
            rows = found_bills(chosen).order_by(*order_of(chosen.sort))
            links = list(rows.filter(_after(chosen.sort, last))[:_STRETCH] if last else rows[:_STRETCH])
        for link in links:
            yield str(write(_cells(link)))
        if len(links) < _STRETCH:
            return
        last = links[-1]


def _after(sort: str, last: Link) -> Q:
    """What comes after this bill in this order. PostgreSQL has no value last when ascending, first when descending."""
    column, _clio_id = order_of(sort)
    name, descends = column.removeprefix("-"), column.startswith("-")
    value, beyond = getattr(last, name), "lt" if descends else "gt"
    further = Q(**{f"clio_id__{beyond}": last.clio_id})
    if value is None:
        same = Q(**{f"{name}__isnull": True}) & further
        return same | Q(**{f"{name}__isnull": False}) if descends else same
    after = Q(**{f"{name}__{beyond}": value}) | (Q(**{name: value}) & further)
    return after if descends else after | Q(**{f"{name}__isnull": True})


def _headings() -> list[str]:
    return [
        _("Bill"), _("State"), _("Why"), _("Notice"), _("Client"), _("Issued"), _("Amount in Clio"),
        _("Amount in Xero"), _("Currency"), _("State in Clio"), _("Status in Xero"), _("Clio ID"), _("Xero ID"),
    ]  # fmt: skip


def _cells(link: Link) -> list[Any]:
    return [
        _safe(link.number), str(Link.State(link.state).label), _safe(link.reason), _safe(link.notice),
        _safe(link.title), link.dated.isoformat() if link.dated else "", _amount(link.amount_minor),
        _amount(link.xero_amount_minor), link.currency, link.clio_state, link.xero_status, link.clio_id,
        _safe(link.xero_id or ""),
    ]  # fmt: skip


def _amount(minor: int | None) -> str:
    return "" if minor is None else f"{from_cents(minor):.2f}"


def _safe(text: str) -> str:
    """A text that no spreadsheet takes for a formula: an apostrophe says that it is text."""
    return f"'{text}" if text.startswith(_FORMULA) else text
