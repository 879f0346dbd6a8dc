"""Category accounts: shown with where they come from, checked, saved."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Firm
from syncengine.models import CategoryAccount, FirmSync, ReferenceList, SyncSettings
from tests.support import rows
from tests.support.pages import shown

pytest_plugins = ["tests.support.firm_and_people"]
pytestmark = pytest.mark.usefixtures("scope")

ClientAs = Callable[[str], Client]
PAGE = "/settings/categories/"
UNTOUCHED = {"service-11": "", "service-12": "acc-201", "expense-21": "clio", "expense-22": ""}


@pytest.fixture(autouse=True)
def _ready(firm: Firm, scope: None) -> None:
    rows.connect(firm)
    rows.keep_lists(refreshed_at=timezone.now())
    rows.configure()


def chosen() -> dict[tuple[str, int], str]:
    return {(row.kind, row.clio_id): row.account_id for row in CategoryAccount.objects.all()}


def version(client: Client) -> str:
    return client.get(PAGE).content.decode().split('name="version" value="')[1].split('"')[0]


def post(client: Client, **changes: str) -> Any:
    data = {**UNTOUCHED, **{name.replace("_", "-", 1): value for name, value in changes.items() if name != "version"}}
    return client.post(PAGE, {**data, "version": changes.get("version", "")}, follow=True)


def test_it_shows_each_category_with_where_its_account_comes_from(client_as: ClientAs) -> None:
    CategoryAccount.objects.create(kind="expense", clio_id=22, account_id="acc-429")
    answer = client_as("viewer").get(PAGE)
    page, html = shown(answer), answer.content.decode()
    assert "Default (200 – Sales)" in page
    assert "Default (310 – Disbursements recovered)" in page
    assert page.index("Advice") < page.index("Court appearance")
    court = html[html.index('name="service-12"') :].split("</tr>")[0]
    assert '<option value="acc-201" selected>201 – Legal fees</option>' in court
    assert "From Clio" in court
    couriers = html[html.index('name="expense-21"') :].split("</tr>")[0]
    assert '<option value="clio" selected>999 (from Clio, not in Xero&#x27;s chart)</option>' in couriers
    filing = html[html.index('name="expense-22"') :].split("</tr>")[0]
    assert '<option value="acc-429" selected>' in filing
    assert "Chosen here" in filing


def test_saving_it_untouched_chooses_nothing(client_as: ClientAs) -> None:
    page = shown(post(client_as("admin")))
    assert "These accounts are saved already." in page
    assert chosen() == {}


def test_an_admin_chooses_and_takes_back(client_as: ClientAs) -> None:
    client = client_as("admin")
    page = shown(post(client, service_12="", expense_22="acc-429", version=version(client)))
    assert "Saved: 2 categories changed." in page
    assert chosen() == {("service", 12): "", ("expense", 22): "acc-429"}
    post(client, service_12="acc-201", expense_22="", version=version(client))
    assert chosen() == {}


def test_a_wrong_account_is_named_at_its_category_and_nothing_is_lost(client_as: ClientAs) -> None:
    answer = post(client_as("admin"), service_11="acc-090", expense_22="acc-429")
    assert answer.status_code == 422
    assert "Advice : This account cannot take bills" in shown(answer)
    filing = answer.content.decode().split('name="expense-22"')[1].split("</tr>")[0]
    assert '<option value="acc-429" selected>' in filing
    assert chosen() == {}


def test_a_stale_form_is_refused_and_keeps_its_entries(client_as: ClientAs) -> None:
    client = client_as("admin")
    opened = version(client)
    CategoryAccount.objects.create(kind="expense", clio_id=22, account_id="acc-429")
    answer = post(client, service_11="acc-201", version=opened)
    assert answer.status_code == 409
    assert "Somebody saved category accounts while you were editing" in shown(answer)
    assert (
        '<option value="acc-201" selected>' in answer.content.decode().split('name="service-11"')[1].split("</tr>")[0]
    )
    assert chosen() == {("expense", 22): "acc-429"}


@pytest.mark.parametrize("role", ["staff", "viewer"])
def test_only_an_admin_saves_the_others_look(client_as: ClientAs, role: str) -> None:
    client = client_as(role)
    assert "Update category accounts" not in shown(client.get(PAGE))
    assert post(client, service_11="acc-201").status_code == 403
    assert chosen() == {}


def test_it_opens_once_xero_is_connected_and_the_export_is_on(client_as: ClientAs) -> None:
    SyncSettings.objects.update(export_bills=False)
    page = shown(client_as("admin").get(PAGE))
    assert "Category accounts are chosen once Xero is connected and the export of bills is switched on." in page
    assert "Court appearance" not in page


def test_it_opens_while_the_firm_is_set_up_once_accounts_are_chosen(client_as: ClientAs) -> None:
    SyncSettings.objects.update(export_bills=False)
    FirmSync.objects.update(first_sync_done_at=None)
    client = client_as("admin")
    page = shown(client.get(PAGE))
    assert "Court appearance" in page
    assert "what you choose here is in the next preview" in page
    SyncSettings.objects.update(expenses_account="")
    assert "Category accounts are chosen once" in shown(client.get(PAGE))


def test_an_account_that_does_not_take_the_tax_is_told_of_at_its_category_and_on_saving(client_as: ClientAs) -> None:
    rates = ReferenceList.objects.get(name="tax_rates")
    rates.payload = [{**row, "can_apply_to_expenses": row["tax_type"] == "NONE"} for row in rates.payload]
    rates.save()
    client = client_as("admin")
    told = "429 – General expenses is an expense account, and Xero does not take HST on sales on one"
    saved = shown(post(client, expense_22="acc-429"))
    assert f"Filing fees: {told}" in saved
    assert saved.count(told) == 2
    assert shown(client.get(PAGE)).count(told) == 1
