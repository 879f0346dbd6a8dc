"""Every page of the stand-in Clio with its address and its forms."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from sandbox.clio.pages.bill import bill_page
from sandbox.clio.pages.bill_deeds import BILL_DEEDS
from sandbox.clio.pages.bill_list import NEW as NEW_BILL
from sandbox.clio.pages.bill_list import bill_list, make_bill, new_bill
from sandbox.clio.pages.consent import deep_link
from sandbox.clio.pages.contact import contact_page
from sandbox.clio.pages.contact_details import CONTACT_DEEDS
from sandbox.clio.pages.contact_list import NEW as NEW_CONTACT_PATH
from sandbox.clio.pages.contact_list import NEW_CONTACT, contact_list, new_contact
from sandbox.clio.pages.costs import cost_list
from sandbox.clio.pages.login import LOGIN_DEEDS, login_page
from sandbox.clio.pages.money_deeds import MONEY_DEEDS, PAY_BILLS
from sandbox.clio.pages.room import BILLS, CONTACTS, COSTS, FRAME, LOGIN, Office, Room
from sandbox.web.site import Deed, Place, Site

PLACES = (
    Place(BILLS, bill_list),
    Place("/stand-in/bills", bill_list),
    Place(NEW_BILL, new_bill, {"new-bill": Deed(make_bill, "The bill is made.")}),
    Place("/stand-in/bills/<int:bill_id>", bill_page, {**BILL_DEEDS, **MONEY_DEEDS}),
    Place(CONTACTS, contact_list),
    Place(NEW_CONTACT_PATH, new_contact, {"new-contact": NEW_CONTACT}),
    Place("/stand-in/contacts/<int:contact_id>", contact_page, {**CONTACT_DEEDS, "pay-bills": PAY_BILLS}),
    Place(COSTS, cost_list),
    Place(LOGIN, login_page, LOGIN_DEEDS),
    Place("/nc", deep_link),
)


def site(office: Office, guard: Callable[[], AbstractContextManager[Any]]) -> Site[Room]:
    """The pages over one server."""
    return Site(FRAME, Room(office), PLACES, guard)
