"""The list of bills as a file for a spreadsheet."""

import csv
import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from accounts.firm_scope import NoFirmScope, current_firm_id, firm_scope
from accounts.models import Firm
from syncengine.models import Link
from syncengine.pages.bill_filter import SORTS, BillFilter
from syncengine.pages.bills_csv import bills_csv
from tests.support import rows

pytest_plugins = ["tests.support.firm_and_people"]

ClientAs = Callable[[str], Client]
FILE = "/bill-syncing/xero/bills.csv"


@pytest.fixture(autouse=True)
def _ready(firm: Firm) -> None:
    with firm_scope(firm):
        rows.connect(firm)
        rows.configure()
        rows.bill(1, number="1042", title="Alder, Holdings & Söhne", dated=date(2026, 1, 5), amount_minor=-12_345)
        rows.bill(2, number="=cmd|' /C calc'!A0", title="@SUM(A1)", state="refused", dated=None, amount_minor=None)
        Link.objects.filter(clio_id=2).update(reason="+1 is not a number", notice="-2")


def read(client: Client, query: str = "") -> list[list[str]]:
    answer: Any = client.get(FILE + query)
    return list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))


def test_a_viewer_downloads_all_bills_with_iso_dates_and_plain_amounts(client_as: ClientAs) -> None:
    heading, _second, first = read(client_as("viewer"))
    assert heading[:2] == ["Bill", "State"]
    told = dict(zip(heading, first, strict=True))
    assert told["Bill"] == "1042"
    assert told["Client"] == "Alder, Holdings & Söhne"
    assert told["Issued"] == "2026-01-05"
    assert told["Amount in Clio"] == "-123.45"
    assert told["Amount in Xero"] == "100.00"
    assert (told["State"], told["Clio ID"], told["Xero ID"]) == ("In step", "1", "inv-1")


def test_spreadsheets_know_its_letters_and_take_nothing_for_a_formula(client_as: ClientAs) -> None:
    answer: Any = client_as("viewer").get(FILE)
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert 'attachment; filename="bills-hale-partners-' in answer["Content-Disposition"]
    raw = b"".join(answer.streaming_content)
    assert raw.startswith(b"\xef\xbb\xbf")
    heading, second, _first = read(client_as("viewer"))
    told = dict(zip(heading, second, strict=True))
    assert told["Bill"] == "'=cmd|' /C calc'!A0"
    assert told["Client"] == "'@SUM(A1)"
    assert (told["Why"], told["Notice"]) == ("'+1 is not a number", "'-2")
    assert (told["Issued"], told["Amount in Clio"]) == ("", "")


def test_the_file_holds_what_the_filter_finds(client_as: ClientAs) -> None:
    assert [row[0] for row in read(client_as("viewer"), "?state=in_step&page=7")[1:]] == ["1042"]
    assert read(client_as("viewer"), "?text=nobody")[1:] == []


@pytest.mark.parametrize("sort", sorted(SORTS))
def test_stretches_follow_one_another_in_every_order(
    firm: Firm, client_as: ClientAs, sort: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("syncengine.pages.bills_csv._STRETCH", 7)
    with firm_scope(firm):
        rows.bills(60)
        Link.objects.filter(clio_id__in=range(100_010, 100_025)).update(dated=None, amount_minor=None)
        whole = list(Link.objects.filter(kind="invoice").order_by(*_order(sort)).values_list("clio_id", flat=True))
    heading, *found = read(client_as("viewer"), f"?sort={sort}")
    assert [int(row[heading.index("Clio ID")]) for row in found] == whole


def _order(sort: str) -> tuple[str, str]:
    columns = {"number": "number", "client": "title", "date": "dated", "amount": "amount_minor", "state": "state"}
    minus = "-" if sort.startswith("-") else ""
    return f"{minus}{columns[sort.removeprefix('-')]}", f"{minus}clio_id"


def test_no_scope_is_left_open_between_two_lines(firm: Firm) -> None:
    lines = bills_csv(firm=firm, chosen=BillFilter())
    next(lines)
    next(lines)
    with pytest.raises(NoFirmScope):
        current_firm_id()
    assert len(list(lines)) == 1
