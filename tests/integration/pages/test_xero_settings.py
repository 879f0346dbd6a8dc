"""The Xero settings page: shown, checked, saved."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEvent, Firm
from syncengine.models import Connection, FirmSync, ReferenceList, SyncSettings
from syncengine.transport.errors import TransportError
from tests.support import rows
from tests.support.pages import shown

pytest_plugins = ["tests.support.firm_and_people"]
pytestmark = pytest.mark.usefixtures("scope")

ClientAs = Callable[[str], Client]
PAGE = "/settings/xero/"
GOOD = {
    "export_bills": "on",
    "time_entries_account": "acc-200",
    "expenses_account": "acc-310",
    "only_approved_bills": "on",
    "tax_none": "NONE",
    "tax_primary": "OUTPUT",
}


class Reading:
    """Stands in for reading the chart over the network: counts, and fails if told so."""

    def __init__(self) -> None:
        self.times = 0
        self.failure: Exception | None = None

    def __call__(self, *, firm: Firm, clock: Callable[[], datetime]) -> None:
        self.times += 1
        if self.failure:
            raise self.failure
        rows.keep_lists(refreshed_at=clock())


@pytest.fixture
def reading(monkeypatch: pytest.MonkeyPatch) -> Reading:
    fake = Reading()
    monkeypatch.setattr("syncengine.views.settings.refresh_reference", fake)
    return fake


@pytest.fixture(autouse=True)
def _connected(firm: Firm, scope: None, reading: Reading) -> None:
    rows.connect(firm)
    rows.keep_lists(refreshed_at=timezone.now())


def post(client: Client, follow: bool = True, **changes: str) -> Any:
    data = {name: value for name, value in {**GOOD, **changes}.items() if value != "-"}
    return client.post(PAGE, data, follow=follow)


def selected(answer: Any, name: str) -> str:
    """The value that a dropdown shows as chosen."""
    html = answer.content.decode()
    box = html[html.index(f'name="{name}"') :]
    box = box[: box.index("</select>")]
    return box.split('" selected')[0].rsplit('value="', 1)[1] if "selected" in box else ""


def test_it_offers_accounts_by_id_with_code_and_name_grouped_by_type(client_as: ClientAs) -> None:
    html = client_as("admin").get(PAGE).content.decode()
    box = html[html.index('name="time_entries_account"') :].split("</select>")[0]
    assert '<option value="">None</option>' in box
    assert '<optgroup label="Revenue"><option value="acc-200">200 – Sales</option></optgroup>' in box
    assert "Disbursements" not in box
    expenses = html[html.index('name="expenses_account"') :].split("</select>")[0]
    assert '<optgroup label="Direct Costs"><option value="acc-310">310 – Disbursements recovered</option>' in expenses
    assert "GST" not in expenses
    assert "Operating account" not in expenses


def test_the_fields_stand_in_the_order_of_clios_own_page(client_as: ClientAs) -> None:
    html = client_as("admin").get(PAGE).content.decode()
    names = [
        "export_bills",
        "time_entries_account",
        "expenses_account",
        "interest_account",
        "credit_notes_account",
        "clio_payments_account",
        "payment_bank_account",
        "bills_issued_from",
        "bills_issued_to",
        "only_approved_bills",
        "append_contact_ids",
        "tax_none",
    ]
    places = [html.index(f'name="{name}"') for name in names]
    assert places == sorted(places)
    bank = html[html.index('name="payment_bank_account"') :].split("</select>")[0]
    assert '<optgroup label="Bank"><option value="acc-090">090 – Operating account</option>' in bank


def test_matching_no_bank_account_is_the_default_and_says_what_it_means(client_as: ClientAs) -> None:
    answer = client_as("admin").get(PAGE)
    assert selected(answer, "payment_bank_account") == ""
    page = shown(answer)
    assert "None: no payments at all are sent, Clio Payments neither." in page
    for report in ("Trust Ledger", "Trust Listing", "Bank Account Activity"):
        assert report in page


def test_clio_payments_are_there_only_in_the_regions_that_have_them(firm: Firm, client_as: ClientAs) -> None:
    Connection.objects.filter(service="clio").update(region="eu")
    client = client_as("admin")
    assert 'name="clio_payments_account"' not in client.get(PAGE).content.decode()
    post(client, clio_payments_account="acc-090", payment_bank_account="acc-090")
    saved = SyncSettings.objects.get()
    assert (saved.clio_payments_account, saved.payment_bank_account) == ("", "acc-090")


def test_where_payments_and_credits_go_is_saved(client_as: ClientAs) -> None:
    page = shown(
        post(
            client_as("admin"),
            credit_notes_account="acc-270",
            clio_payments_account="acc-090",
            payment_bank_account="acc-090",
        )
    )
    saved = SyncSettings.objects.get()
    assert (saved.credit_notes_account, saved.clio_payments_account) == ("acc-270", "acc-090")
    assert "Match Clio payments to Xero bank account: None → 090 – Operating account" in page


def test_an_account_that_does_not_take_the_tax_is_told_of_beside_it_and_on_saving(client_as: ClientAs) -> None:
    rates = ReferenceList.objects.get(name="tax_rates")
    rates.payload = [{**row, "can_apply_to_expenses": row["tax_type"] == "NONE"} for row in rates.payload]
    rates.save()
    client = client_as("admin")
    saved = shown(post(client))
    told = "310 – Disbursements recovered is an expense account, and Xero does not take HST on sales on one"
    assert saved.count(told) == 2  # in the message and beside the field
    assert "Expenses: 310 – Disbursements recovered is" in saved
    assert shown(client.get(PAGE)).count(told) == 1


def test_before_the_first_save_the_rates_that_fit_are_preselected_and_marked(client_as: ClientAs) -> None:
    answer = client_as("admin").get(PAGE)
    assert selected(answer, "tax_none") == "NONE"
    assert selected(answer, "tax_primary") == "OUTPUT"
    assert selected(answer, "tax_secondary") == "TAX007"
    assert selected(answer, "tax_both") == ""
    page = shown(answer)
    assert "Untaxed suggested" in page
    assert "Primary tax (HST, 13%) suggested" in page
    assert "Clio charges this tax. Bills that carry it are blocked until a rate is chosen." in page
    assert not SyncSettings.objects.filter(saved_at__isnull=False).exists()


def test_what_was_saved_as_none_is_not_preselected_again(client_as: ClientAs) -> None:
    rows.configure(tax_primary="")
    answer = client_as("admin").get(PAGE)
    assert selected(answer, "tax_primary") == ""
    assert "HST on sales (13%) would fit" in shown(answer)


def test_an_admin_saves_and_a_run_follows(client_as: ClientAs) -> None:
    page = shown(post(client_as("admin"), bills_issued_from="2026-01-01", interest_account="acc-270"))
    saved = SyncSettings.objects.get()
    assert (saved.export_bills, saved.time_entries_account, saved.interest_account) == (True, "acc-200", "acc-270")
    assert str(saved.bills_issued_from) == "2026-01-01"
    assert saved.version == 1
    assert "Interest: None → 270 – Interest income" in page
    assert "Bills already in Xero are not changed." in page
    assert FirmSync.objects.get().asked
    assert AuditEvent.objects.filter(action="settings_saved").count() == 1


def test_a_box_that_is_not_posted_is_off(client_as: ClientAs) -> None:
    post(client_as("admin"), only_approved_bills="-")
    assert SyncSettings.objects.get().only_approved_bills is False


def test_a_mistake_is_named_with_its_field_and_nothing_is_lost(client_as: ClientAs) -> None:
    answer = post(
        client_as("admin"), time_entries_account="acc-310", expenses_account="", bills_issued_from="2026-05-01"
    )
    page = shown(answer)
    assert answer.status_code == 422
    assert "Not saved yet" in page
    assert "Time Entries : This kind of account does not fit Time Entries." in page
    assert "Expenses : Choose an account for Expenses" in page
    assert 'value="2026-05-01"' in answer.content.decode()
    assert not SyncSettings.objects.filter(saved_at__isnull=False).exists()
    assert not FirmSync.objects.filter(asked=True).exists()


def test_an_account_id_of_another_firm_is_refused(client_as: ClientAs) -> None:
    answer = post(client_as("admin"), time_entries_account="acc-of-somebody-else")
    assert "This account is not in the connected Xero chart." in shown(answer)


def test_a_stale_form_is_refused_keeps_its_entries_and_can_then_be_saved(client_as: ClientAs) -> None:
    rows.configure(time_entries_account="acc-201")
    client = client_as("admin")
    answer = post(client, version="2", interest_account="acc-270")
    page, html = shown(answer), answer.content.decode()
    assert answer.status_code == 409
    assert "saved these settings while you were editing" in page
    assert selected(answer, "interest_account") == "acc-270"
    assert "Saved meanwhile: 201 – Legal fees" in page
    assert 'name="version" value="3"' in html
    assert SyncSettings.objects.get().interest_account == ""
    assert post(client, version="3", interest_account="acc-270").status_code == 200
    assert SyncSettings.objects.get().interest_account == "acc-270"


def test_a_double_click_saves_once_and_says_so(client_as: ClientAs) -> None:
    client = client_as("admin")
    post(client, version="0")
    page = shown(post(client, version="0"))
    assert "These settings are saved. Nothing was different." in page
    assert SyncSettings.objects.get().version == 1


@pytest.mark.parametrize("role", ["staff", "viewer"])
def test_only_an_admin_saves_the_others_look(client_as: ClientAs, role: str) -> None:
    client = client_as(role)
    page = client.get(PAGE)
    assert page.status_code == 200
    assert '<fieldset class="plain" disabled>' in page.content.decode()
    assert "Update sync settings" not in shown(page)
    assert post(client).status_code == 403
    assert client.post(f"{PAGE}refresh/").status_code == 403
    assert not SyncSettings.objects.exists()


def test_ids_are_a_choice_only_for_older_clio_accounts(client_as: ClientAs) -> None:
    client = client_as("admin")
    assert 'name="append_contact_ids" checked disabled' not in client.get(PAGE).content.decode()
    post(client)
    assert SyncSettings.objects.get().append_contact_ids is False
    Connection.objects.filter(service="clio").update(remote_created_at=datetime(2019, 7, 1, tzinfo=UTC))
    answer = client.get(PAGE)
    assert 'name="append_contact_ids" checked disabled' in answer.content.decode()
    assert "Always on for this Clio account" in shown(answer)
    post(client)
    assert SyncSettings.objects.get().append_contact_ids is True


def test_an_archived_account_stays_visible_says_so_and_may_be_saved_along(client_as: ClientAs) -> None:
    lists = ReferenceList.objects.get(name="accounts")
    lists.payload = [*lists.payload, rows.account("205", "Old fees", "REVENUE", "REVENUE", status="ARCHIVED")]
    lists.save()
    rows.configure(time_entries_account="acc-205")
    rows.bill(1, state="blocked")
    rows.problem("invoice", 1, cause="acc-205")
    client = client_as("admin")
    answer = client.get(PAGE)
    assert selected(answer, "time_entries_account") == "acc-205"
    page = shown(answer)
    assert "205 – Old fees (archived in Xero)" in page
    assert "1 record is held up by this setting." in page
    post(client, time_entries_account="acc-205", tax_secondary="TAX007")
    assert SyncSettings.objects.get().tax_secondary == "TAX007"
    refused = post(client, interest_account="acc-205")
    assert refused.status_code == 422


def test_accounts_without_a_code_are_counted(client_as: ClientAs) -> None:
    nameless = rows.account("", "Consulting", "REVENUE", "REVENUE", account_id="acc-x")
    rows.keep_lists(refreshed_at=timezone.now(), accounts=(nameless,))
    page = shown(client_as("admin").get(PAGE))
    assert "1 account is left out because it has no code." in page


def test_the_chart_is_read_anew_on_opening_when_older_than_ten_minutes(client_as: ClientAs, reading: Reading) -> None:
    client = client_as("viewer")
    client.get(PAGE)
    assert reading.times == 0
    ReferenceList.objects.update(refreshed_at=timezone.now() - timedelta(minutes=11))
    client.get(PAGE)
    client.get(PAGE)
    assert reading.times == 1


def test_the_page_works_on_when_xero_does_not_answer(client_as: ClientAs, reading: Reading) -> None:
    reading.failure = TransportError("xero", "Xero did not answer in time.")
    ReferenceList.objects.update(refreshed_at=timezone.now() - timedelta(hours=2))
    page = shown(client_as("admin").get(PAGE))
    assert "could not be read just now" in page
    assert "200 – Sales" in page


def test_a_firm_that_is_not_connected_reads_nothing_and_is_told_what_to_do(
    client_as: ClientAs, reading: Reading
) -> None:
    Connection.objects.all().delete()
    ReferenceList.objects.all().delete()
    page = shown(client_as("admin").get(PAGE))
    assert reading.times == 0
    assert "Connect Xero first" in page


def test_the_button_reads_the_chart_at_once(client_as: ClientAs, reading: Reading) -> None:
    page = shown(client_as("admin").post(f"{PAGE}refresh/", follow=True))
    assert reading.times == 1
    assert "were read anew" in page


def test_nothing_can_be_saved_without_the_plan(firm: Firm, client_as: ClientAs) -> None:
    Firm.objects.filter(pk=firm.pk).update(plan="other")
    assert post(client_as("admin")).status_code == 403
