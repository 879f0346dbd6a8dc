"""What saving the settings would change is said before it is saved."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Firm
from syncengine.models import Link, Snapshot, SyncSettings
from syncengine.pages.effects import effects_of
from tests.support import rows
from tests.support.pages import shown

pytest_plugins = ["tests.support.firm_and_people"]
pytestmark = pytest.mark.usefixtures("scope")

ClientAs = Callable[[str], Client]
EFFECT = "/settings/xero/effect/"


def effects(**changes: Any) -> tuple[str, ...]:
    return effects_of(saved=SyncSettings.objects.get(), values=changes)


@pytest.fixture(autouse=True)
def _synced(firm: Firm, scope: None) -> None:
    """Three bills in step, of January to March; a draft and a void one; one that waits."""
    rows.connect(firm)
    rows.keep_lists(refreshed_at=timezone.now())
    rows.configure()
    for month in (1, 2, 3):
        rows.bill(month, dated=date(2026, month, 15))
    rows.bill(4, state="not_sent", clio_state="draft", dated=date(2026, 3, 1))
    rows.bill(5, state="not_sent", clio_state="void", dated=date(2026, 3, 1))
    rows.bill(6, state="waiting", dated=date(2026, 1, 2))


def with_money(clio_id: int, **amounts: str) -> None:
    """Say what Clio holds of a bill's payments and credits."""
    snapshot = Snapshot.objects.get(kind="bill", clio_id=clio_id)
    snapshot.record = {**snapshot.record, "paid": "0.00", "credits_issued": "0.00", **amounts}
    snapshot.save()


def test_nothing_is_said_of_what_is_saved_already() -> None:
    assert effects(export_bills=True, time_entries_account="acc-200") == ()


def test_a_later_start_freezes_what_was_sent_and_leaves_out_what_was_not() -> None:
    assert effects(bills_issued_from=date(2026, 2, 15)) == (
        "1 bill that is not in Xero yet would be left out.",
        "1 sent bill would be frozen: it stays in Xero as it is, without edits, payments or credits.",
    )


def test_the_ends_of_the_range_belong_to_it() -> None:
    assert "2 sent bills" in " ".join(effects(bills_issued_to=date(2026, 1, 15)))
    assert "1 sent bill would" in " ".join(effects(bills_issued_to=date(2026, 2, 15)))


def test_an_earlier_start_takes_frozen_bills_up_again() -> None:
    SyncSettings.objects.update(bills_issued_from=date(2026, 3, 1))
    assert "2 frozen bills would be kept in step again." in effects(bills_issued_from=None)


def test_switching_drafts_on_brings_them_into_scope_but_never_void_ones() -> None:
    assert effects(only_approved_bills=False) == ("1 bill would come into scope.",)


def test_switching_the_export_off_freezes_everything() -> None:
    assert any("3 sent bills would be frozen" in sentence for sentence in effects(export_bills=False))


def test_a_range_that_moves_no_bill_says_so() -> None:
    assert effects(bills_issued_from=date(2020, 1, 1)) == ("No bill would come into scope or leave it.",)


def test_matching_a_bank_account_counts_the_invoices_whose_payments_would_follow() -> None:
    with_money(1, paid="100.00")
    with_money(2, paid="50.00")
    with_money(3)
    with_money(6, paid="10.00")  # not in Xero yet
    Link.objects.create(kind="payment", clio_id=8801, bill_id=2, xero_id="pay-1")
    assert effects(payment_bank_account="acc-090") == ("Payments of 1 invoice would be sent.",)


def test_switching_payments_off_leaves_what_was_sent() -> None:
    SyncSettings.objects.update(payment_bank_account="acc-090")
    Link.objects.create(kind="payment", clio_id=8801, bill_id=2, xero_id="pay-1")
    assert effects(payment_bank_account="") == ("No more payments are sent; 1 in Xero stays.",)
    assert "stays where it is" in effects(payment_bank_account="acc-091")[0]


def test_an_account_for_credit_notes_counts_the_invoices_with_credits() -> None:
    with_money(1, credits_issued="30.00")
    assert effects(credit_notes_account="acc-200")[0] == "Credits of 1 invoice would be sent."


def test_new_accounts_touch_nothing_that_was_sent_and_free_what_waits_for_them() -> None:
    rows.bill(7, state="blocked")
    rows.problem("invoice", 7)
    assert effects(time_entries_account="acc-201") == (
        "New accounts and tax rates apply to what is sent from now on; lines already in Xero keep theirs.",
        "1 record that waits for this is tried again.",
    )


def test_before_anything_was_read_it_says_that_the_first_sync_starts() -> None:
    Link.objects.all().delete()
    SyncSettings.objects.update(export_bills=False)
    assert effects(export_bills=True) == (
        "The first sync starts within seconds of saving: all bills in scope that Clio holds are sent.",
    )


POSTED = {
    "export_bills": "on",
    "time_entries_account": "acc-200",
    "expenses_account": "acc-310",
    "only_approved_bills": "on",
    "tax_none": "NONE",
    "tax_primary": "OUTPUT",
}


def test_the_page_says_it_beside_the_button_and_saves_nothing(client_as: ClientAs) -> None:
    answer = client_as("admin").post(
        EFFECT, {**POSTED, "bills_issued_from": "2026-02-15"}, headers={"HX-Request": "true"}
    )
    assert answer.content.decode().lstrip().startswith("<div")
    assert "1 sent bill would be frozen" in shown(answer)
    assert SyncSettings.objects.get().bills_issued_from is None


def test_without_a_script_it_is_a_page_with_the_entries_still_in_it(client_as: ClientAs) -> None:
    answer = client_as("admin").post(EFFECT, {**POSTED, "bills_issued_from": "2026-02-15", "version": "3"})
    page = shown(answer)
    assert answer.status_code == 200
    assert "What saving would change" in page
    assert "1 sent bill would be frozen" in page
    assert 'value="2026-02-15"' in answer.content.decode()
    assert SyncSettings.objects.get().bills_issued_from is None


def test_entries_that_need_correcting_are_told_instead(client_as: ClientAs) -> None:
    answer = client_as("admin").post(EFFECT, {**POSTED, "expenses_account": ""}, headers={"HX-Request": "true"})
    assert "Not ready to be saved" in shown(answer)
    assert "Choose an account for Expenses" in shown(answer)


@pytest.mark.parametrize("role", ["staff", "viewer"])
def test_only_an_admin_asks_for_it(client_as: ClientAs, role: str) -> None:
    assert client_as(role).post(EFFECT, POSTED).status_code == 403
