"""Saving settings and category accounts."""

from datetime import date
from typing import Any

import pytest

from accounts.audit import describe
from accounts.models import AuditEvent, Firm, User
from syncengine.engine.configure import Change, StaleSettingsError, save_categories, save_settings
from syncengine.models import CategoryAccount, FirmSync, SyncSettings
from tests.support import rows
from tests.support.rows import NOW

pytest_plugins = ["tests.support.firm_and_people"]
pytestmark = pytest.mark.usefixtures("scope")


def values(**changes: Any) -> dict[str, Any]:
    """What `rows.configure` saves, as a form gives it."""
    return {
        "export_bills": True,
        "time_entries_account": "acc-200",
        "expenses_account": "acc-310",
        "interest_account": "",
        "credit_notes_account": "",
        "clio_payments_account": "",
        "payment_bank_account": "",
        "bills_issued_from": None,
        "bills_issued_to": None,
        "only_approved_bills": True,
        "append_contact_ids": False,
        "tax_none": "NONE",
        "tax_primary": "OUTPUT",
        "tax_secondary": "",
        "tax_both": "",
        **changes,
    }


def test_a_first_save_makes_the_firm_configured_and_asks_for_a_run(firm: Firm, person: User) -> None:
    rows.keep_lists(refreshed_at=NOW)
    save_settings(firm=firm, user=person, values=values(), version=0, now=NOW)
    saved = SyncSettings.objects.get()
    assert (saved.version, saved.saved_at, saved.saved_by) == (1, NOW, person)
    assert saved.time_entries_account == "acc-200"
    assert FirmSync.objects.get().asked


def test_it_tells_what_changed_by_the_names_that_people_know(firm: Firm, person: User) -> None:
    rows.keep_lists(refreshed_at=NOW)
    rows.configure()
    changed = values(
        time_entries_account="acc-201",
        interest_account="acc-270",
        bills_issued_from=date(2026, 1, 1),
        only_approved_bills=False,
        tax_primary="TAX007",
    )
    changes = save_settings(firm=firm, user=person, values=changed, version=3, now=NOW)
    assert changes == [
        Change("Time Entries", "200 – Sales", "201 – Legal fees"),
        Change("Interest", "None", "270 – Interest income"),
        Change("Sync bills issued from", "None", "2026-01-01"),
        Change("Only sync bills that are Awaiting Payment or Paid", "on", "off"),
        Change("Primary tax", "HST on sales", "PST on sales"),
    ]
    event = AuditEvent.objects.get(action="settings_saved")
    assert event.actor == person
    assert "Time Entries: 200 – Sales → 201 – Legal fees" in describe(event)


def test_a_stale_form_saves_nothing_and_says_who_was_there(firm: Firm, person: User) -> None:
    rows.configure(saved_by=person)
    with pytest.raises(StaleSettingsError) as stale:
        save_settings(firm=firm, user=person, values=values(tax_secondary="TAX007"), version=2, now=NOW)
    assert stale.value.saved_by == person
    assert SyncSettings.objects.get().tax_secondary == ""
    assert not AuditEvent.objects.filter(action="settings_saved").exists()


def test_without_a_version_it_saves_over_what_stands(firm: Firm, person: User) -> None:
    rows.configure()
    save_settings(firm=firm, user=person, values=values(tax_secondary="TAX007"), version=None, now=NOW)
    assert SyncSettings.objects.get().version == 4


def test_saving_the_same_again_is_no_conflict_and_leaves_no_trace(firm: Firm, person: User) -> None:
    rows.configure()
    save_settings(firm=firm, user=person, values=values(tax_secondary="TAX007"), version=3, now=NOW)
    assert save_settings(firm=firm, user=person, values=values(tax_secondary="TAX007"), version=3, now=NOW) == []
    assert SyncSettings.objects.get().version == 4
    assert AuditEvent.objects.filter(action="settings_saved").count() == 1


def chosen() -> dict[tuple[str, int], str]:
    return {(row.kind, row.clio_id): row.account_id for row in CategoryAccount.objects.all()}


def test_categories_are_chosen_defaulted_and_given_back_to_clio(firm: Firm, person: User) -> None:
    rows.keep_lists(refreshed_at=NOW)
    CategoryAccount.objects.create(kind="expense", clio_id=22, account_id="acc-429")
    changes = save_categories(
        firm=firm,
        user=person,
        wanted={("service", 11): "acc-201", ("service", 12): "", ("expense", 22): None},
        version=None,
        now=NOW,
    )
    assert chosen() == {("service", 11): "acc-201", ("service", 12): ""}
    assert changes == [
        Change("Advice", "as Clio holds it", "201 – Legal fees"),
        Change("Court appearance", "as Clio holds it", "the default"),
        Change("Filing fees", "429 – General expenses", "as Clio holds it"),
    ]
    assert FirmSync.objects.get().asked


def test_a_stale_categories_form_saves_nothing(firm: Firm, person: User) -> None:
    rows.keep_lists(refreshed_at=NOW)
    CategoryAccount.objects.create(kind="expense", clio_id=22, account_id="acc-429")
    with pytest.raises(StaleSettingsError):
        save_categories(firm=firm, user=person, wanted={("service", 11): "acc-201"}, version="opened-long-ago", now=NOW)
    assert chosen() == {("expense", 22): "acc-429"}


def test_saving_the_same_categories_again_is_no_conflict(firm: Firm, person: User) -> None:
    CategoryAccount.objects.create(kind="expense", clio_id=22, account_id="acc-429")
    wanted = {("expense", 22): "acc-429", ("service", 11): None}
    assert save_categories(firm=firm, user=person, wanted=wanted, version="opened-long-ago", now=NOW) == []  # type: ignore[arg-type]
    assert not AuditEvent.objects.filter(action="categories_saved").exists()
