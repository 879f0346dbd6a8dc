"""Documents: digests over what is sent, and what stands."""

from dataclasses import replace
from decimal import Decimal

import pytest

from syncengine.domain.documents import ContactDocument, DocumentLine, as_dict_of_invoice
from syncengine.domain.rules import Organisation
from tests.unit.domain.makers import account, bill, document, line, sent_invoice, standing_contact

SENT = document(bill(), [line()])


def with_line(**changes: object) -> str:
    return replace(SENT, lines=(replace(SENT.lines[0], **changes),)).digest  # type: ignore[arg-type]


def test_ids_that_xero_gave_are_not_in_the_digest() -> None:
    assert replace(SENT, invoice_id="inv-1").digest == SENT.digest
    assert with_line(line_item_id="item-1") == SENT.digest


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": Decimal("1.00")},
        {"account_code": "210"},
        {"tax_type": "OUTPUT"},
        {"tax_amount": Decimal("0.00")},
        {"description": "Other"},
        {"tracking": ({"Name": "Office", "Option": "North"},)},
    ],
)
def test_everything_that_is_sent_is_in_the_digest(changes: dict[str, object]) -> None:
    assert with_line(**changes) != SENT.digest


def test_an_invoice_as_plain_values_holds_its_tracking() -> None:
    tracked = replace(SENT, lines=(DocumentLine("1", "x", tracking=({"Name": "Office", "Option": "North"},)),))
    plain = as_dict_of_invoice(tracked)
    assert plain["lines"][0]["tracking"] == [{"Name": "Office", "Option": "North"}]
    assert plain["total"] == "1000.00"
    assert plain["date"] == "2026-05-04"


def test_a_contacts_digest_is_over_number_name_and_fields() -> None:
    plain = ContactDocument("CLIO-501", "Harbour Bakery Ltd", {"EmailAddress": "a@b.example"})
    assert replace(plain, contact_id="contact-1").digest == plain.digest
    assert replace(plain, name="Harbour Bakery Inc").digest != plain.digest
    assert replace(plain, fields={}).digest != plain.digest


@pytest.mark.parametrize(
    ("status", "live"), [("DRAFT", True), ("AUTHORISED", True), ("PAID", True), ("VOIDED", False), ("DELETED", False)]
)
def test_a_voided_or_deleted_invoice_is_not_live(status: str, live: bool) -> None:
    there, _ = sent_invoice(SENT, status=status)
    assert there.is_live is live


def test_an_archived_contact_is_not_live() -> None:
    assert standing_contact().is_live
    assert not standing_contact(status="ARCHIVED").is_live


def test_an_account_is_usable_if_it_is_active_and_has_a_code() -> None:
    assert account("200").is_usable
    assert not account("").is_usable
    assert not account("200", status="ARCHIVED").is_usable


def test_an_account_is_named_by_code_and_name() -> None:
    assert account("200", "Fees").label == "200 – Fees"
    assert account("", "Fees").label == "Fees"


def test_the_later_lock_date_counts() -> None:
    assert Organisation().locked_until is None
    early, late = bill().issued_at, bill().due_at
    assert Organisation(period_lock=early, year_end_lock=late).locked_until == late
    assert Organisation(period_lock=late).locked_until == late
