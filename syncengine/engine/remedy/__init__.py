"""What a person can do about a sync error in place (BEHAVIOUR §4, §5, §6, §10).

Each remedy is one compare-and-swap with an audit event and an entry in the record's history, followed by a run. What
changes a link is a decision (engine.decisions), which the next slice takes up; no remedy writes to Clio or Xero.
"""

from syncengine.engine.remedy.accounts import choose_setting
from syncengine.engine.remedy.choosing import Chooser, choose, register
from syncengine.engine.remedy.common import RemedyError
from syncengine.engine.remedy.contacts import append_id, link_contact, renew_contact
from syncengine.engine.remedy.invoices import (
    Candidate,
    NumberHolders,
    adopt_invoice,
    find_number_holders,
    renumber_bill,
)
from syncengine.engine.remedy.money import CHOICES
from syncengine.engine.remedy.resync import resync_bill

__all__ = [
    "CHOICES",
    "Candidate",
    "Chooser",
    "NumberHolders",
    "RemedyError",
    "adopt_invoice",
    "append_id",
    "choose",
    "choose_setting",
    "find_number_holders",
    "link_contact",
    "register",
    "renew_contact",
    "renumber_bill",
    "resync_bill",
]
