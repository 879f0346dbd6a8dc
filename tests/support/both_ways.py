"""A client of the practice as it stands on both sides, and what people do to it there."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from accounts.firm_scope import firm_scope
from sandbox.firm.records import Contact
from syncengine.models import Link, RecordEvent
from tests.support.practice import Practice


class Client:
    """One client of a bill, linked by a first sync."""

    def __init__(self, practice: Practice, fits: Callable[[dict[str, Any]], bool]) -> None:
        self.practice = practice
        self.record = practice.a_client(fits)
        self.id: int = self.record["id"]

    @property
    def link(self) -> Link:
        """Its link."""
        return self.practice.link(self.id, "contact")

    @property
    def clio(self) -> Contact:
        """The contact as it stands in Clio now."""
        return self.practice.clio.data.contacts.get(self.id)

    @property
    def clio_email(self) -> str:
        """Its primary e-mail in Clio now."""
        return next((email.address for email in self.clio.emails if email.primary), "")

    @property
    def xero(self) -> dict[str, Any]:
        """The contact as it stands in Xero now."""
        return next(row for row in self.practice.contacts() if row["ContactID"] == self.link.xero_id)

    def xero_phone(self, kind: str = "DEFAULT") -> str:
        """A phone in Xero now."""
        return next((row.get("PhoneNumber", "") for row in self.xero["Phones"] if row["PhoneType"] == kind), "")

    def xero_address(self, kind: str = "POBOX") -> dict[str, str]:
        """An address in Xero now."""
        return next(row for row in self.xero["Addresses"] if row["AddressType"] == kind)

    def edit_in_xero(self, **fields: Any) -> None:
        """A bookkeeper changes the contact; a minute passes."""
        self.practice.xero.act("edit_contact", contact=self.link.xero_id, **fields)
        self.practice.clock.advance(60)

    def edit_in_clio(self, **values: Any) -> None:
        """Somebody changes the contact in Clio; a minute passes."""
        self.practice.clio.act("edit_contact", contact_id=self.id, **values)
        self.practice.clock.advance(60)

    def new_email_in_clio(self, address: str) -> None:
        """Somebody changes the primary e-mail in Clio."""
        row = next(email for email in self.clio.emails if email.primary)
        self.edit_in_clio(email_addresses=[{"id": row.id, "name": row.name, "address": address}])

    def told(self, event: str) -> list[RecordEvent]:
        """Its history of one sort."""
        with firm_scope(self.practice.firm):
            rows = RecordEvent.objects.filter(kind="contact", clio_id=self.id, event=event)
            return list(rows.order_by("id"))

    def errors(self) -> list[str]:
        """Codes of its open sync errors."""
        return [error.code for error in self.practice.open_errors() if error.clio_id == self.id]


def clio_changes(practice: Practice) -> int:
    """How many changes of contacts Clio was asked for since the call log was reset."""
    return practice.clio.calls.count("PATCH", "/api/v4/contacts")


def xero_changes(practice: Practice) -> int:
    """How many changes of contacts Xero was asked for since the call log was reset."""
    return practice.xero.calls.count("POST", "/api.xro/2.0/Contacts")


@pytest.fixture
def synced(transactional_db: None, settings: Any) -> Iterator[Practice]:
    """A small practice after its first syncs, with the call logs empty."""
    made = Practice(bills=12)
    made.open(settings)
    assert made.sync()["state"] == "clean"
    made.clock.advance(600)
    made.sync()
    for side in (made.clio, made.xero):
        side.calls.reset()
    yield made
    made.stop()


@pytest.fixture
def company(synced: Practice) -> Client:
    return Client(synced, lambda record: record["type"] == "Company" and record["email"] and record["addresses"])


@pytest.fixture
def person(synced: Practice) -> Client:
    return Client(synced, lambda record: record["type"] == "Person" and record["email"])


def synced_once(client: Client, **options: Any) -> dict[str, int]:
    """Sync, and give the run's counts of contacts."""
    report = client.practice.sync(**options)
    assert report["state"] == "clean", report["open_errors"]
    counts: dict[str, int] = report["counts"]["contact"]
    return counts


def assert_in_step(client: Client) -> None:
    """Nothing more is written by the next two runs, and nothing is told."""
    for side in (client.practice.clio, client.practice.xero):
        side.calls.reset()
    events = len(client.told("in_xero")) + len(client.told("read"))
    for _ in range(2):
        client.practice.clock.advance(16 * 60)
        assert synced_once(client)["updated"] == 0
    assert clio_changes(client.practice) == xero_changes(client.practice) == 0
    assert len(client.told("in_xero")) + len(client.told("read")) == events


def line(amount: str = "100.00") -> list[dict[str, Any]]:
    """Lines of a bill: one of services."""
    return [{"kind": "Service", "price": amount, "quantity": 1, "description": "Advice"}]


def numbers_of(practice: Practice, xero_id: str | None) -> set[str]:
    """Numbers of the invoices that stand under a contact."""
    return {row["InvoiceNumber"] for row in practice.invoices() if row["Contact"]["ContactID"] == xero_id}
