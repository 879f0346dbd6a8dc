"""Money, dates and times on pages (LOOK.md)."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.template import Context

from accounts.models import Firm
from accounts.templatetags.ledger import firm_date, firm_datetime, money

NARROW = "\u202f"
MOMENT = datetime(2026, 11, 23, 20, 5, tzinfo=UTC)


def shown(html: str) -> str:
    return re.sub(r"<[^>]+>", "", html)


def for_firm(date_format: str, time_zone: str = "UTC") -> Context:
    return Context({"request": SimpleNamespace(firm=Firm(date_format=date_format, time_zone=time_zone))})


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        ("0", "0.00"),
        ("1234.5", "1,234.50"),
        ("-1234567.891", "\u22121,234,567.89"),
        ("0.005", "0.01"),
        ("-0.004", "0.00"),
    ],
)
def test_an_amount_has_two_places_grouped_thousands_and_a_true_minus(amount: str, expected: str) -> None:
    assert shown(money(Decimal(amount))) == expected


def test_the_currency_follows_in_a_quiet_tone() -> None:
    assert money(Decimal("12"), "CAD") == (f'<span class="money">12.00{NARROW}<span class="currency">CAD</span></span>')


def test_no_amount_is_a_dash_that_can_be_heard() -> None:
    assert money(None) == '<span class="money" role="img" aria-label="no amount">–</span>'


def test_a_currency_code_is_escaped() -> None:
    assert "<b>" not in money(Decimal(1), "<b>")


@pytest.mark.parametrize(
    ("date_format", "expected"),
    [("mdy", "03/04/2026"), ("dmy", "04/03/2026"), ("iso", "2026-03-04"), ("words", "4 Mar 2026")],
)
def test_a_date_is_written_as_the_firm_writes_it(date_format: str, expected: str) -> None:
    html = firm_date(for_firm(date_format), date(2026, 3, 4))
    assert html == f'<time datetime="2026-03-04">{expected}</time>'


@pytest.mark.parametrize(
    ("date_format", "time_zone", "expected"),
    [
        ("mdy", "America/New_York", "11/23/2026, 3:05 PM"),
        ("dmy", "Europe/London", "23/11/2026, 20:05"),
        ("words", "Australia/Sydney", "24 Nov 2026, 07:05"),
    ],
)
def test_a_moment_is_written_in_the_firms_time_zone(date_format: str, time_zone: str, expected: str) -> None:
    html = firm_datetime(for_firm(date_format, time_zone), MOMENT)
    assert shown(html) == expected
    assert 'datetime="2026-11-23T20:05:00+00:00"' in html
    assert time_zone in html


def test_the_day_of_a_moment_is_the_firms_day() -> None:
    assert shown(firm_date(for_firm("iso", "Australia/Sydney"), MOMENT)) == "2026-11-24"


def test_without_a_firm_dates_are_iso_and_times_utc() -> None:
    assert shown(firm_datetime(Context({"request": SimpleNamespace(firm=None)}), MOMENT)) == "2026-11-23, 20:05"
    assert shown(firm_date(Context(), date(2026, 3, 4))) == "2026-03-04"


def test_no_date_is_a_dash_that_can_be_heard() -> None:
    assert firm_date(Context(), None) == firm_datetime(Context(), None) == '<span role="img" aria-label="none">–</span>'
