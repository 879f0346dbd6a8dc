"""The Bill Syncing page: sync errors and what can be done about them, and the list of all bills."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client

from accounts.models import Firm, User
from syncengine.models import FirmSync, Link, SyncError
from tests.support import rows
from tests.support.pages import shown
from tests.support.rows import NOW

pytest_plugins = ["tests.support.firm_and_people"]
pytestmark = pytest.mark.usefixtures("scope")

ClientAs = Callable[[str], Client]
PAGE = "/bill-syncing/xero/"


@pytest.fixture(autouse=True)
def _ready(firm: Firm, scope: None) -> None:
    rows.connect(firm)
    rows.configure()


def test_one_cause_is_one_box_with_its_records_inside(client_as: ClientAs) -> None:
    for clio_id in (1, 2, 3):
        rows.bill(clio_id, state="blocked")
        rows.problem("invoice", clio_id)
    page = shown(client_as("staff").get(PAGE))
    assert page.count("The account 200 – Sales, chosen for Time Entries, is archived in Xero.") == 1
    assert "Try all 3 records again" in page
    assert "Bill 1 Open in Clio" in page
    assert "Bill 3 Open in Clio" in page


def test_a_problem_shows_xeros_own_words_times_and_links_to_both_sides(client_as: ClientAs) -> None:
    rows.bill(1, state="refused", xero_id="inv-9", number="1042")
    rows.problem(
        "invoice",
        1,
        code="not_modifiable",
        cause="",
        field="",
        message="The invoice cannot be changed in Xero any more.",
        xero_messages=["Invoice not of valid status for modification", "<b>second</b>"],
        times=7,
    )
    answer = client_as("viewer").get(PAGE)
    page, html = shown(answer), answer.content.decode()
    assert "Xero's own words “Invoice not of valid status for modification” “<b>second</b>”" in page
    assert "Bill 1042" in page
    assert "7 times" in page
    assert 'href="https://ca.app.clio.com/nc/#/bills/1"' in html
    assert 'href="https://go.xero.com/AccountsReceivable/View.aspx?InvoiceID=inv-9"' in html
    assert "&lt;b&gt;second" in html


def test_a_contact_shows_the_bills_that_wait_for_it(client_as: ClientAs) -> None:
    rows.contact_taken(501, "Alder Holdings Ltd")
    rows.bill(1, state="waiting", number="1042", client_id=501)
    rows.bill(2, state="waiting", number="1043", client_id=501)
    rows.bill(3, state="waiting", number="1044", client_id=777)
    rows.bill(4, state="in_step", number="1045", client_id=501)
    page = shown(client_as("viewer").get(PAGE))
    assert "2 bills wait for it: 1042 , 1043 First seen" in page


def test_a_cause_of_many_records_lists_some_and_counts_all(client_as: ClientAs) -> None:
    rows.bills(27)
    for clio_id in range(100_000, 100_025):
        rows.problem("invoice", clio_id)
    page = shown(client_as("staff").get(PAGE))
    assert "Try all 25 records again" in page
    assert page.count("Ignore until it changes in Clio") == 20
    assert "And 5 more records; trying all again takes them in." in page


def test_a_problem_of_the_whole_firm_comes_first_and_cannot_be_ignored(client_as: ClientAs) -> None:
    rows.bill(1, state="blocked")
    rows.problem("invoice", 1)
    rows.problem("run", None, code="run_failed", cause="", field="", message="Xero did not answer.")
    page = shown(client_as("staff").get(PAGE))
    assert page.index("Xero did not answer.") < page.index("is archived in Xero")
    assert page.count("Ignore until it changes in Clio") == 1


def test_staff_retry_one_problem_and_come_back_to_where_they_were(client_as: ClientAs) -> None:
    rows.bill(1, state="refused", planned_under="rules-1")
    error = rows.problem("invoice", 1)
    back = f"{PAGE}?state=refused&page=2"
    answer = client_as("staff").post(f"{PAGE}errors/{error.pk}/retry/", {"back": back})
    assert answer["Location"] == back
    assert Link.objects.get(clio_id=1).planned_under == ""
    assert FirmSync.objects.get().asked


def test_staff_retry_a_whole_cause(client_as: ClientAs) -> None:
    for clio_id in (1, 2):
        rows.bill(clio_id, state="blocked", planned_under="rules-1")
        error = rows.problem("invoice", clio_id)
    answer = client_as("staff").post(f"{PAGE}errors/{error.pk}/retry-cause/", follow=True)
    assert "2 records are tried again within seconds." in shown(answer)
    assert not Link.objects.exclude(planned_under="").exists()


def test_staff_ignore_with_a_reason_and_undo_it(client_as: ClientAs) -> None:
    rows.bill(1, state="refused", number="1042")
    error = rows.problem("invoice", 1)
    client = client_as("staff")
    page = shown(client.post(f"{PAGE}errors/{error.pk}/ignore/", {"reason": "Entered by hand."}, follow=True))
    assert "Ignored until it changes in Clio." in page
    assert "Ignored by staff@hale.example: Entered by hand." in page
    assert "No sync errors." in page
    page = shown(client.post(f"{PAGE}errors/{error.pk}/undo/", follow=True))
    assert "No longer ignored" in page
    assert SyncError.objects.get().state == "open"


def test_ignoring_without_a_reason_says_what_is_missing(client_as: ClientAs) -> None:
    rows.bill(1, state="refused")
    error = rows.problem("invoice", 1)
    answer = client_as("staff").post(f"{PAGE}errors/{error.pk}/ignore/", {"reason": " "}, follow=True)
    assert "Write why this is ignored; colleagues will read it." in shown(answer)
    assert SyncError.objects.get().state == "open"


@pytest.mark.parametrize("act", ["retry", "retry-cause", "ignore", "undo"])
def test_a_viewer_can_change_nothing(client_as: ClientAs, act: str) -> None:
    rows.bill(1, state="refused", planned_under="rules-1")
    error = rows.problem("invoice", 1)
    client = client_as("viewer")
    page = shown(client.get(PAGE))
    assert "Try again" not in page
    assert "Ignore until" not in page
    assert client.post(f"{PAGE}errors/{error.pk}/{act}/", {"reason": "Mine."}).status_code == 403
    assert client.post(f"{PAGE}errors/retry-all/").status_code == 403
    error.refresh_from_db()
    assert error.state == "open"
    assert Link.objects.get(clio_id=1).planned_under == "rules-1"
    assert not FirmSync.objects.get().asked


def test_a_plan_without_the_integration_can_look_and_not_act(firm: Firm, client_as: ClientAs) -> None:
    Firm.objects.filter(pk=firm.pk).update(plan="other")
    rows.bill(1, state="refused")
    error = rows.problem("invoice", 1)
    client = client_as("admin")
    assert "Try again" not in shown(client.get(PAGE))
    assert client.post(f"{PAGE}errors/{error.pk}/retry/").status_code == 403


def test_looking_changes_nothing(client_as: ClientAs) -> None:
    rows.bill(1, state="refused", planned_under="rules-1")
    error = rows.problem("invoice", 1)
    for act in ("retry", "retry-cause", "ignore", "undo"):
        assert client_as("staff").get(f"{PAGE}errors/{error.pk}/{act}/").status_code == 405


# The list -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def _some_bills() -> None:
    rows.bill(1, number="1042", title="Alder Holdings Ltd", dated=date(2026, 1, 5), amount_minor=12_345)
    rows.bill(2, number="1043", title="Bennet, Charlotte", dated=date(2026, 2, 5), amount_minor=99_900, state="waiting")
    rows.bill(3, number="1044", title="Bennet, Charlotte", dated=date(2026, 3, 5), amount_minor=100, state="blocked")
    rows.bill(4, number="2001", title="Müller GmbH", dated=date(2026, 4, 5), amount_minor=500_000, state="refused")
    rows.bill(5, number="2002", title="Müller GmbH", dated=None, amount_minor=None, state="new", currency="")


def numbers(answer: object) -> list[str]:
    page = shown(answer)
    table = page[page.index("All bills") :]
    return [word for word in table.split() if word in {"1042", "1043", "1044", "2001", "2002"}]


@pytest.mark.usefixtures("_some_bills")
@pytest.mark.parametrize(
    ("query", "found", "words"),
    [
        ("", ["2002", "2001", "1044", "1043", "1042"], "5 bills"),
        ("?sort=number", ["1042", "1043", "1044", "2001", "2002"], "5 bills"),
        ("?sort=-amount&amount_from=0", ["2001", "1043", "1042", "1044"], "4 of 5 bills"),
        ("?state=in_step", ["1042"], "1 of 5 bills"),
        ("?state=waiting", ["2002", "1043"], "2 of 5 bills"),
        ("?state=needs_somebody", ["2001", "1044"], "2 of 5 bills"),
        ("?text=bennet", ["1044", "1043"], "2 of 5 bills"),
        ("?text=200", ["2002", "2001"], "2 of 5 bills"),
        ("?issued_from=2026-02-05&issued_to=2026-03-05", ["1044", "1043"], "2 of 5 bills"),
        ("?amount_from=1.00&amount_to=123.45", ["1044", "1042"], "2 of 5 bills"),
        ("?text=100%25", [], "0 of 5 bills"),
        ("?page=99", ["2002", "2001", "1044", "1043", "1042"], "5 bills"),
    ],
)
def test_it_lists_what_was_asked_for(client_as: ClientAs, query: str, found: list[str], words: str) -> None:
    answer = client_as("viewer").get(PAGE + query)
    listed = [number for number in numbers(answer) if answer.content.decode().count(f">{number}</a>")]
    assert list(dict.fromkeys(listed)) == found
    assert f"{words} " in shown(answer)


@pytest.mark.usefixtures("_some_bills")
def test_a_filter_that_makes_no_sense_says_so_and_keeps_what_was_typed(client_as: ClientAs) -> None:
    answer = client_as("viewer").get(PAGE + "?issued_from=soon&text=bennet")
    assert "Write the date as year-month-day" in shown(answer)
    assert 'value="soon"' in answer.content.decode()
    assert "2 of 5 bills" in shown(answer)


@pytest.mark.usefixtures("_some_bills")
def test_a_row_shows_state_reason_amount_and_both_ids(client_as: ClientAs) -> None:
    Link.objects.filter(clio_id=3).update(reason="No Xero account is chosen for Time Entries")
    page = shown(client_as("viewer").get(PAGE + "?sort=number"))
    assert "1042 In step Alder Holdings Ltd 2026-01-05 123.45 CAD 1 inv-1" in page
    assert "1044 Blocked No Xero account is chosen for Time Entries. Bennet, Charlotte" in page


def test_pages_never_overlap_and_miss_nothing(client_as: ClientAs) -> None:
    rows.bills(120)
    client = client_as("viewer")
    seen: list[str] = []
    for page, size in (("1", 50), ("2", 50), ("3", 20)):
        html = client.get(f"{PAGE}?sort=state&page={page}").content.decode()
        ids = [f"1000{n:02}" if n < 100 else f"100{n}" for n in range(120)]
        here = [clio_id for clio_id in ids if f">{clio_id}</a>" in html]
        assert len(here) == size
        seen += here
    assert len(set(seen)) == 120
    assert "51–100 of 120" in shown(client.get(f"{PAGE}?sort=state&page=2"))


def test_an_empty_list_says_why(client_as: ClientAs) -> None:
    assert "No bills yet" in shown(client_as("viewer").get(PAGE))


def test_the_page_keeps_working_where_an_error_has_no_link_yet(person: User, client_as: ClientAs) -> None:
    rows.problem("invoice", 77, details={"number": "1099"})
    rows.problem(
        "contact",
        78,
        code="email_invalid",
        message="Xero does not accept the e-mail address.",
        last_seen_at=NOW + timedelta(hours=1),
        ignored_by=person,
        ignored_reason="Known.",
        state="ignored",
        details={"contact": "Ikeda"},
    )
    page = shown(client_as("staff").get(PAGE))
    assert "Bill 1099" in page
    assert "Ikeda" in page
