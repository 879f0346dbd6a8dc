"""From a login to a synced firm in a browser: connect, choose, look at the preview, start, watch it go."""

import pytest

from accounts.firm_scope import firm_scope
from syncengine.models import Run, SyncSettings
from tests.support.newcomer import Newcomer, newcomer  # noqa: F401

pytestmark = pytest.mark.browser


def test_a_new_firm_is_led_from_nothing_to_a_first_sync(newcomer: Newcomer) -> None:
    admin, practice = newcomer, newcomer.practice
    admin.log_in()
    admin.shows("Connect Clio to begin.")
    admin.press("Connect Clio")  # on the dashboard, to the first step
    admin.shows("Step 1 of 6")
    admin.press("Connect Clio")
    admin.allow_access()
    admin.shows("Step 2 of 6")
    admin.press("Connect Xero")
    admin.allow_access()

    admin.shows("Step 3 of 6")
    assert admin.page.locator("select[name=time_entries_account] option:checked").inner_text() == "201 – Legal Fees"
    assert "suggested" in admin.page.locator("label[for=id_time_entries_account]").inner_text()
    with firm_scope(practice.firm):
        assert not SyncSettings.objects.filter(saved_at__isnull=False).exists()  # a suggestion is no choice
    admin.choose("expenses_account", "260")
    admin.choose("credit_notes_account", "260")
    admin.press("Save and go on")
    admin.shows("Step 4 of 6")
    admin.press("Save and see the preview")

    admin.shows("The preview starts within seconds.")
    admin.work()
    admin.shows("What the first sync will do")  # the page brings itself up to date
    admin.shows("will be created")
    assert admin.page.locator("details.sample").count() == 3
    assert practice.invoices() == []
    with firm_scope(practice.firm):
        assert not SyncSettings.objects.get().export_bills
        assert not Run.objects.exists()

    admin.press("Start the first sync")
    admin.shows("The first sync starts within seconds.")
    admin.work()
    admin.shows("The first sync is done.")
    admin.shows("Clio and Xero agree")
    assert practice.compare()["differences"] == []
    assert practice.nothing_is_doubled()
    admin.press("Go to the dashboard")
    admin.shows("Everything is in step.")
