"""What a sync error's row says and offers, to whom; and the pages of all errors and of one cause."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.firm_scope import firm_scope
from accounts.models import Firm
from syncengine.models import Connection, FirmSync, Link, SyncError, SyncSettings, XeroContact
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
    rows.keep_lists(refreshed_at=NOW)
    rows.configure()


def xero_contact(contact_id: str, name: str, email: str = "", **more: Any) -> None:
    standing = {
        "contact_id": contact_id,
        "contact_number": "",
        "name": name,
        "email": email,
        "status": "ACTIVE",
        "merged_to": "",
        "fields": {},
        **more,
    }
    XeroContact.objects.create(
        contact_id=contact_id, name_key=name.casefold(), email_key=email.casefold(), standing=standing
    )


def taken(name: str = "Alder Holdings Ltd") -> SyncError:
    error = rows.contact_taken(501, name)
    error.cause = name
    error.save()
    return error


# Contacts -------------------------------------------------------------------------------------------------------------


def test_a_taken_name_shows_the_contact_with_its_e_mail_and_every_way_out(client_as: ClientAs) -> None:
    taken()
    xero_contact("c1", "Alder Holdings Ltd", "office@alder.example")
    page = shown(client_as("staff").get(PAGE))
    assert "Alder Holdings Ltd office@alder.example Link to that contact" in page
    assert "Append ID 501 to this contact" in page
    assert "“Alder Holdings Ltd (501)”" in page


def test_several_contacts_of_one_name_are_offered_to_choose_from(client_as: ClientAs) -> None:
    error = taken()
    xero_contact("c1", "Alder Holdings Ltd", "one@alder.example")
    xero_contact("c2", "Alder Holdings Ltd", "two@alder.example")
    xero_contact("c3", "Alder Holdings Ltd", "old@alder.example", status="ARCHIVED")
    answer = client_as("staff").get(PAGE)
    assert answer.content.decode().count(f'id="contact-{error.pk}-') == 2
    assert "old@alder.example" not in shown(answer)


def test_a_contact_that_is_another_clients_says_what_sharing_it_means(client_as: ClientAs) -> None:
    taken()
    xero_contact("c1", "Alder Holdings Ltd")
    Link.objects.create(kind="contact", clio_id=502, xero_id="c1", title="Alder Group", state="in_step")
    assert "Client Alder Group is linked to it already" in shown(client_as("staff").get(PAGE))


def test_an_id_that_every_contact_has_is_not_offered(firm: Firm, client_as: ClientAs) -> None:
    Connection.objects.filter(service="clio").update(remote_created_at=NOW)
    taken()
    assert "Append ID" not in shown(client_as("staff").get(PAGE))


def test_a_contact_can_be_looked_for_by_name_or_e_mail(client_as: ClientAs) -> None:
    error = taken()
    xero_contact("c1", "Zephyr Ltd", "office@alder.example")
    xero_contact("c2", "Alder Group")
    page = shown(client_as("staff").get(f"{PAGE}errors/{error.pk}/contacts/"))
    assert "No contact fits" in page
    page = shown(client_as("staff").get(f"{PAGE}errors/{error.pk}/contacts/?text=ALDER"))
    assert "Zephyr Ltd office@alder.example" in page
    assert "Alder Group no e-mail address" in page


def test_no_contact_is_offered_for_a_problem_that_is_over(client_as: ClientAs) -> None:
    error = taken()
    SyncError.objects.update(state="closed")
    assert client_as("staff").get(f"{PAGE}errors/{error.pk}/contacts/").status_code == 404


# Accounts -------------------------------------------------------------------------------------------------------------


def blocked(count: int, **more: Any) -> SyncError:
    for clio_id in range(1, count + 1):
        rows.bill(clio_id, state="blocked")
        error = rows.problem("invoice", clio_id, **more)
    return error


def test_an_admin_chooses_another_account_on_the_row_and_everybody_else_reads_who_does(client_as: ClientAs) -> None:
    blocked(3)
    admin = client_as("admin").get(PAGE)
    assert "Xero account for Time Entries" in shown(admin)
    html = admin.content.decode()
    assert '<option value="acc-201">201 – Legal fees</option>' in html
    assert 'value="acc-200"' not in html.split("way-setting")[1].split("</form>")[0]
    for role in ("staff", "viewer"):
        assert "Save and try" not in shown(client_as(role).get(PAGE))
    assert "An admin of the firm chooses another Xero account for Time Entries." in shown(client_as("staff").get(PAGE))


def test_one_fix_mends_all_bills_of_the_cause(client_as: ClientAs) -> None:
    error = blocked(3)
    Link.objects.update(planned_under="rules-1")
    answer = client_as("admin").post(f"{PAGE}errors/{error.pk}/account/", {"value": "acc-201"}, follow=True)
    assert "Time Entries: 200 – Sales → 201 – Legal fees. 3 records are tried again" in shown(answer)
    assert SyncSettings.objects.get().time_entries_account == "acc-201"
    assert not Link.objects.exclude(planned_under="").exists()
    assert FirmSync.objects.get().asked


@pytest.mark.parametrize("value", ["", "acc-090", "acc-200", "nonsense"])
def test_only_an_account_of_the_list_is_saved(client_as: ClientAs, value: str) -> None:
    error = blocked(1)
    answer = client_as("admin").post(f"{PAGE}errors/{error.pk}/account/", {"value": value}, follow=True)
    assert "Choose one from the list" in shown(answer)
    assert SyncSettings.objects.get().time_entries_account == "acc-200"


def test_an_account_that_xero_itself_refuses_is_found_by_its_code(client_as: ClientAs) -> None:
    xeros_words = {"field": "", "cause": "310", "message": "The account 310 was archived or deleted in Xero."}
    error = blocked(1, **xeros_words)
    assert "Xero account for Expenses" in shown(client_as("admin").get(PAGE))
    client_as("admin").post(f"{PAGE}errors/{error.pk}/account/", {"value": "acc-429"})
    assert SyncSettings.objects.get().expenses_account == "acc-429"


# Invoices and choices -------------------------------------------------------------------------------------------------


def test_a_taken_number_offers_to_look_to_renumber_and_the_step_in_clio(client_as: ClientAs) -> None:
    rows.bill(9001, state="refused", number="1042")
    remedy = "Adopt that invoice, if it is this bill. Send the bill under a number of its own. Renumber it in Clio."
    rows.problem("invoice", 9001, code="invoice_number_taken", cause="", field="", remedy=remedy)
    page = shown(client_as("staff").get(PAGE))
    assert "Look at that invoice in Xero" in page
    assert "Send as 1042-9001" in page
    assert "Renumber it in Clio." in page
    assert "Adopt that invoice, if" not in page


def test_a_choice_is_offered_with_none_of_these_and_posts_its_value(client_as: ClientAs) -> None:
    rows.bill(9001, number="1042")
    Link.objects.create(kind="payment", clio_id=8801, bill_id=9001, state="blocked")
    details = {"choices": [{"value": "p1", "label": "50.00 on 3 May"}], "choice_action": "payment_which"}
    error = rows.problem("payment", 8801, code="payment_which", cause="", field="", details=details)
    answer = client_as("staff").get(PAGE)
    page, html = shown(answer), answer.content.decode()
    assert "Payment on bill 1042 Open in Clio" in page
    assert "50.00 on 3 May" in page
    assert "None of these: create it" in page
    assert f'action="{PAGE}errors/{error.pk}/choose/"' in html
    assert 'name="value" value="p1"' in html
    assert 'name="value" value=""' in html


def test_choosing_nothing_says_so(client_as: ClientAs) -> None:
    error = rows.problem("payment", 8801, code="payment_which", details={"choices": [{"value": "p1", "label": "A"}]})
    answer = client_as("staff").post(f"{PAGE}errors/{error.pk}/choose/", follow=True)
    assert "Choose one of those listed first." in shown(answer)


# What is told ---------------------------------------------------------------------------------------------------------


def test_a_bill_that_does_not_add_up_shows_all_figures(client_as: ClientAs) -> None:
    rows.bill(1, state="blocked")
    details = {"balance": "90.00", "lines": "100.00", "due": "90.00", "bill discount": "none"}
    rows.problem("invoice", 1, code="totals_mismatch", cause="", field="due", details=details)
    assert "Lines 100.00 Bill discount none Due 90.00 Balance 90.00" in shown(client_as("viewer").get(PAGE))


def test_what_somebody_decided_takes_the_place_of_the_buttons_until_a_run_takes_it_up(client_as: ClientAs) -> None:
    error = taken()
    decided = {"act": "link_contact", "by": "Ada", "words": "Link to the Xero contact X.", "seen": "", "values": {}}
    Link.objects.filter(kind="contact").update(decided=decided)
    page = shown(client_as("staff").get(PAGE))
    assert "Ada decided: Link to the Xero contact X. The next run takes it up, within seconds." in page
    assert "Link to that contact" not in page
    assert f"record-{error.pk}" in client_as("staff").get(PAGE).content.decode()


def test_a_viewer_reads_every_step_and_finds_no_button(client_as: ClientAs) -> None:
    error = taken()
    SyncError.objects.filter(pk=error.pk).update(remedy="Link it to that contact. Append the Clio ID. Rename it.")
    xero_contact("c1", "Alder Holdings Ltd")
    answer = client_as("viewer").get(PAGE)
    page, html = shown(answer), answer.content.decode()
    assert "Link it to that contact. Append the Clio ID. Rename it." in page
    assert "<form" not in html.split('id="sync-errors-section"')[1].split("</section>")[0]


def test_a_whole_cause_is_ignored_with_one_reason_and_that_is_undone(client_as: ClientAs) -> None:
    error = blocked(3)
    client = client_as("staff")
    page = shown(client.post(f"{PAGE}errors/{error.pk}/ignore-cause/", {"reason": "Old books."}, follow=True))
    assert "3 records are ignored until they change in Clio." in page
    assert page.count("by staff@hale.example: Old books.") == 3
    assert set(Link.objects.values_list("state", flat=True)) == {"ignored"}
    page = shown(client.post(f"{PAGE}errors/{error.pk}/undo-cause/", follow=True))
    assert "3 records are no longer ignored" in page
    assert set(Link.objects.values_list("state", flat=True)) == {"blocked"}


# All errors, one cause ------------------------------------------------------------------------------------------------


def test_all_records_of_a_cause_have_a_page_of_their_own(client_as: ClientAs) -> None:
    error = blocked(53)
    client = client_as("staff")
    assert f'href="{PAGE}errors/' in client.get(PAGE).content.decode()
    first = shown(client.get(f"{PAGE}errors/{error.pk}/"))
    assert "1–50 of 53" in first
    assert "Bill 1 " in first
    second = shown(client.get(f"{PAGE}errors/{error.pk}/?page=2"))
    assert "51–53 of 53" in second
    assert second.count("Ignore until it changes in Clio") == 3
    assert client.get(f"{PAGE}errors/{error.pk}/?page=9").status_code == 404
    SyncError.objects.update(state="closed")
    assert client.get(f"{PAGE}errors/{error.pk}/").status_code == 404


def test_more_causes_than_a_page_holds_are_listed_page_by_page(client_as: ClientAs) -> None:
    for clio_id in range(1, 41):
        rows.problem("invoice", clio_id, code="totals_mismatch", cause=f"c{clio_id:02}", message=f"Wrong {clio_id:02}")
    client = client_as("staff")
    page = shown(client.get(PAGE))
    assert "These hold up most. See all 40 records with problems" in page
    assert page.count("Wrong ") == 25
    listed = [shown(client.get(f"{PAGE}errors/?page={number}")) for number in (1, 2)]
    assert [one.count("Wrong ") for one in listed] == [25, 15]
    assert all(f"Wrong {number:02}" in "".join(listed) for number in range(1, 41))
    assert "Nothing here." in shown(client.get(f"{PAGE}errors/?page=3"))
    assert "Nothing here." in shown(client.get(f"{PAGE}errors/?state=ignored&page=x"))


# Refreshing -----------------------------------------------------------------------------------------------------------


def test_what_refreshes_itself_is_the_errors_and_the_list_of_the_same_filter(client_as: ClientAs) -> None:
    blocked(1)
    rows.bill(7, number="2007")
    answer = client_as("staff").get(f"{PAGE}live/?state=in_step")
    page = shown(answer)
    assert "is archived in Xero." in page
    assert "1 of 2 bills" in page
    assert f'name="back" value="{PAGE}?state=in_step"' in answer.content.decode()


def test_nothing_is_sent_where_nothing_changed(client_as: ClientAs) -> None:
    error = blocked(1)
    client = client_as("staff")
    mark = client.get(PAGE).context["mark"]
    assert client.get(f"{PAGE}live/", {"mark": mark}).status_code == 204
    SyncError.objects.filter(pk=error.pk).update(times=9)
    answer = client.get(f"{PAGE}live/", {"mark": mark})
    assert answer.status_code == 200
    assert answer.context["mark"] != mark


def test_a_button_of_a_page_that_refreshes_itself_answers_with_what_happened(client_as: ClientAs) -> None:
    error = blocked(1)
    client = client_as("staff")
    answer = client.post(f"{PAGE}errors/{error.pk}/retry/", headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert answer["HX-Trigger"] == "problems-changed, problem-acted"
    assert 'hx-swap-oob="true"' in answer.content.decode()
    assert shown(answer) == "1 record is tried again within seconds."
    failed = client.post(f"{PAGE}errors/{error.pk}/ignore/", {"reason": ""}, headers={"HX-Request": "true"})
    assert failed["HX-Trigger"] == "problems-changed"


# Who may --------------------------------------------------------------------------------------------------------------

ACTS = ("link", "append-id", "new-contact", "adopt", "renumber", "choose", "ignore-cause", "undo-cause")


@pytest.mark.parametrize("act", [*ACTS, "account"])
def test_a_viewer_can_do_none_of_it(client_as: ClientAs, act: str) -> None:
    error = taken()
    data = {"contact_id": "c1", "value": "acc-201", "reason": "Mine.", "invoice_id": "i"}
    assert client_as("viewer").post(f"{PAGE}errors/{error.pk}/{act}/", data).status_code == 403
    assert Link.objects.get().decided == {}
    assert SyncError.objects.get().state == "open"
    assert not FirmSync.objects.get().asked


@pytest.mark.parametrize("look", ["contacts", "invoices"])
def test_a_viewer_asks_nothing_of_xero(client_as: ClientAs, look: str) -> None:
    assert client_as("viewer").get(f"{PAGE}errors/{taken().pk}/{look}/").status_code == 403


def test_staff_cannot_change_a_setting(client_as: ClientAs) -> None:
    error = blocked(1)
    assert client_as("staff").post(f"{PAGE}errors/{error.pk}/account/", {"value": "acc-201"}).status_code == 403
    assert SyncSettings.objects.get().time_entries_account == "acc-200"


@pytest.mark.parametrize("act", [*ACTS, "account"])
def test_a_plan_without_the_integration_can_do_none_of_it(firm: Firm, client_as: ClientAs, act: str) -> None:
    error = taken()
    Firm.objects.filter(pk=firm.pk).update(plan="other")
    assert client_as("admin").post(f"{PAGE}errors/{error.pk}/{act}/").status_code == 403


@pytest.mark.parametrize("act", [*ACTS, "account"])
def test_nothing_is_done_by_looking(client_as: ClientAs, act: str) -> None:
    assert client_as("admin").get(f"{PAGE}errors/{taken().pk}/{act}/").status_code == 405


def test_linking_without_a_choice_says_what_is_missing(client_as: ClientAs) -> None:
    answer = client_as("staff").post(f"{PAGE}errors/{taken().pk}/link/", follow=True)
    assert "Choose one of the contacts first." in shown(answer)


def test_linking_and_appending_from_the_page(firm: Firm, client_as: ClientAs) -> None:
    error = taken()
    xero_contact("c1", "Alder Holdings Ltd")
    client = client_as("staff")
    page = shown(client.post(f"{PAGE}errors/{error.pk}/append-id/", follow=True))
    assert "It is sent as Alder Holdings Ltd (501), within seconds." in page
    page = shown(client.post(f"{PAGE}errors/{error.pk}/link/", {"contact_id": "c1"}, follow=True))
    assert "Linked to Alder Holdings Ltd." in page
    with firm_scope(firm):
        assert Link.objects.get().decided["values"]["contact_id"] == "c1"
