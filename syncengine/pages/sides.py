"""A record's two sides, field by field: Clio left, Xero right, and how they stand to each other (LOOK.md)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from syncengine.pages.ledger import Agreement

Value = str | date | Decimal | None


@dataclass(frozen=True, slots=True)
class SideRow:
    """One field on both sides. Texts, dates and amounts are shown by their kind; None is a dash.

    `agreement` is empty where the two are not to be compared; `words` say what the rule between them shows.
    """

    name: str
    clio: Value
    xero: Value
    agreement: str
    words: str

    @property
    def kind(self) -> str:
        """How the values are written: "amount", "date" or "text"."""
        value = self.clio if self.clio is not None else self.xero
        return "amount" if isinstance(value, Decimal) else "date" if isinstance(value, date) else "text"


def compare_sides(
    name: str, clio: Value, xero: Value, *, stands: bool, same: bool | None = None, words: str = "", agreed: str = ""
) -> SideRow:
    """Set one field of both sides against each other. `stands`: there is a document in Xero at all.

    `same` decides where equal values are not the same text; None compares the values themselves. What Xero holds but
    was not read is None and is not compared. `agreed` are the words where they agree, `words` where they do not.
    """
    if not stands:
        return SideRow(name, clio, None, Agreement.ON_THE_WAY, words or _("Not in Xero"))
    if xero is None or xero == "":
        return SideRow(name, clio, None, "", words)
    agrees = clio == xero if same is None else same
    if agrees:
        return SideRow(name, clio, xero, Agreement.AGREE, agreed or _("Both agree"))
    return SideRow(name, clio, xero, Agreement.DIFFER, words or _difference(clio, xero))


def _difference(clio: Value, xero: Value) -> str:
    if isinstance(clio, Decimal) and isinstance(xero, Decimal):
        more = clio - xero
        amount = f"{abs(more):,.2f}"
        return (
            _("Clio has %(amount)s more") % {"amount": amount}
            if more > 0
            else _("Xero has %(amount)s more") % {"amount": amount}
        )
    return _("They differ")
