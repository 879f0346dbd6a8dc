"""What every page of the stand-in Clio works with, and how it is framed."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from sandbox.clio.history import History
from sandbox.clio.settings import Settings
from sandbox.clock import Clock
from sandbox.firm.billing import Bill
from sandbox.firm.records import Contact
from sandbox.firm.store import Store
from sandbox.web.frame import Frame, View
from sandbox.web.html import Child, Html, link
from sandbox.web.posted import FormProblem
from sandbox.web.site import NoSuchPage

FRAME = Frame(label="Stand-in Clio — not Clio", kind="clio")
BILLS, CONTACTS, COSTS, LOGIN = "/", "/stand-in/contacts", "/stand-in/costs", "/stand-in/login"
WAYS = (
    (BILLS, "Bills"),
    (CONTACTS, "Contacts"),
    (COSTS, "Hard costs"),
    (LOGIN, "What the login sees"),
)


class Office(Protocol):
    """What the pages need of the server."""

    clock: Clock
    settings: Settings
    history: History

    @property
    def data(self) -> Store: ...

    def act(self, action: str, *, as_person: bool = False, **values: Any) -> dict[str, Any]: ...

    def connected(self) -> list[str]: ...


@dataclass(frozen=True)
class Room:
    """A person at the stand-in: sees what the store holds, changes it by actions under a person's rules."""

    office: Office

    @property
    def store(self) -> Store:
        """The firm's records."""
        return self.office.data

    def today(self) -> date:
        """The stand-in's date."""
        return self.office.clock.now().date()

    def act(self, action: str, **values: Any) -> dict[str, Any]:
        """Do it as a person would. Raises ValueError where it cannot be done."""
        return self.office.act(action, as_person=True, **values)

    def bill(self, bill_id: int) -> Bill:
        """A bill. Raises NoSuchPage."""
        found = self.store.bills.find(bill_id)
        if found is None:
            raise NoSuchPage
        return found

    def contact(self, contact_id: int) -> Contact:
        """A contact. Raises NoSuchPage."""
        found = self.store.contacts.find(contact_id)
        if found is None:
            raise NoSuchPage
        return found

    def client(self, contact_id: int | None) -> Contact:
        """The contact that a form names as a client. Raises FormProblem."""
        found = self.store.contacts.find(contact_id)
        if found is None:
            raise FormProblem("Client: there is no such contact. Take the number from the contact's page.")
        return found


def view(title: str, *body: Child, here: str = "", above: str = "") -> View:
    """A page among the others."""
    return View(title, body, ways=WAYS, here=here, above=above)


def bill_path(bill_id: int) -> str:
    """Where a bill's page is."""
    return f"/stand-in/bills/{bill_id}"


def contact_path(contact_id: int) -> str:
    """Where a contact's page is."""
    return f"/stand-in/contacts/{contact_id}"


def contact_link(store: Store, contact_id: int | None) -> Html | str:
    """A contact by name, leading to its page."""
    contact = store.contacts.find(contact_id)
    return link(contact_path(contact.id), contact.name or f"Contact {contact.id}") if contact else "—"
