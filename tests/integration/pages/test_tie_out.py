"""The page that proves that both sides agree."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import Firm
from syncengine.engine import triage
from syncengine.models import FirmSync, Run, SyncError
from tests.support import rows
from tests.support.pages import shown
from tests.support.rows import NOW

pytest_plugins = ["tests.support.firm_and_people"]
pytestmark = pytest.mark.usefixtures("scope")

ClientAs = Callable[[str], Client]
PAGE = "/bill-syncing/xero/compare/"


def side(count: int, amount: str) -> dict[str, Any]:
    return {"count": count, "sum": amount, "by_currency": {"CAD": amount}}


def compared(firm: Firm, *differences: dict[str, Any], **xero: dict[str, Any]) -> None:
    rows.connect(firm)
    rows.configure()
    clio = {"bills": side(176, "241921.93"), "payments": side(139, "141981.44"), "credits": side(26, "6581.10")}
    found = {kind: {"clio": figures, "xero": xero.get(kind, figures)} for kind, figures in clio.items()}
    FirmSync.objects.update_or_create(
        defaults={
            "due_at": NOW,
            "first_sync_done_at": NOW,
            "full_done_at": NOW,
            "tie_out": {
                "at": NOW.isoformat(), **found, "differences": list(differences), "different": len(differences),
            },
        }
    )  # fmt: skip


PAYMENT = {
    "kind": "payment", "clio_id": None, "bill_id": 9001, "number": "1042", "currency": "CAD", "clio": None,
    "xero": "50.00", "cause": "Entered in Xero; Clio knows of no such payment.",
}  # fmt: skip


def test_both_sides_stand_beside_each_other(firm: Firm, client_as: ClientAs) -> None:
    compared(firm)
    page = shown(client_as("viewer").get(PAGE))
    assert "Both sides agree, to the cent." in page
    assert "Billed 241,921.93 CAD 176 bills Both agree 241,921.93 CAD 176 invoices" in page
    assert "Paid 141,981.44 CAD 139 payments Both agree 141,981.44 CAD 139 payments" in page
    assert "Credited 6,581.10 CAD 26 credits Both agree 6,581.10 CAD 26 credit notes" in page


def test_a_difference_is_named_with_its_cause_and_leads_to_the_bill(firm: Firm, client_as: ClientAs) -> None:
    compared(firm, PAYMENT, payments=side(140, "142031.44"))
    answer = client_as("viewer").get(PAGE)
    page = shown(answer)
    assert "1 record differs." in page
    assert "They differ by 50.00 CAD" in page
    assert "Bill 1042 Payment – 50.00 CAD Entered in Xero; Clio knows of no such payment." in page
    assert '/bill-syncing/xero/bills/9001/"' in answer.content.decode()


def test_the_same_sum_of_another_number_of_documents_differs(firm: Firm, client_as: ClientAs) -> None:
    compared(firm, bills=side(175, "241921.93"))
    assert "176 bills The sums agree, the counts differ" in shown(client_as("viewer").get(PAGE))


def test_before_the_first_comparison_it_says_when_it_comes(firm: Firm, client_as: ClientAs) -> None:
    page = shown(client_as("staff").get(PAGE))
    assert "Not compared yet" in page
    assert "Compare now" not in page


def test_staff_have_both_sides_compared_at_once(firm: Firm, client_as: ClientAs) -> None:
    compared(firm)
    page = shown(client_as("staff").post(PAGE + "now/", follow=True))
    assert "Asked for: a run that reads both sides whole begins within seconds." in page
    assert "The next run reads Clio and Xero whole and compares them." in page
    row = FirmSync.objects.get()
    assert (row.asked, row.full_done_at) == (True, None)
    assert row.tie_out is not None
    Run.objects.create(reason="schedule", full=True, started_at=NOW)
    assert "Clio and Xero are being read whole." in shown(client_as("staff").get(PAGE))


def test_a_viewer_cannot(firm: Firm, client_as: ClientAs) -> None:
    compared(firm)
    assert "Compare now" not in shown(client_as("viewer").get(PAGE))
    assert client_as("viewer").post(PAGE + "now/").status_code == 403
    assert not FirmSync.objects.get().asked


def test_the_dashboard_says_when_and_what_was_found(firm: Firm, client_as: ClientAs) -> None:
    compared(firm, PAYMENT)
    rows.bill(1)
    page = shown(client_as("viewer").get("/"))
    assert "1 record differed when both sides were last read whole and compared," in page


def test_trying_again_what_the_login_no_longer_sees_reads_everything(firm: Firm) -> None:
    compared(firm)
    error = SyncError.objects.create(
        kind="connection", clio_id=None, code="sees_less", message="m", first_seen_at=NOW, last_seen_at=NOW
    )
    triage.retry(firm=firm, error_ids=[error.pk], now=NOW)
    assert FirmSync.objects.get().full_done_at is None


def test_a_stopped_plan_leads_to_its_list(firm: Firm, client_as: ClientAs) -> None:
    compared(firm)
    SyncError.objects.create(
        kind="review", clio_id=None, code="needs_review", message="31 documents would go.", first_seen_at=NOW,
        last_seen_at=NOW,
    )  # fmt: skip
    assert "Look at the list" in shown(client_as("staff").get("/bill-syncing/xero/"))
