"""Ways out of a sync error that exist in place, by its code; and what an error's field and details tell of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from syncengine.domain.chart import Chart
from syncengine.domain.rules import CategoryKey

#: Problems that linking to another contact in Xero helps with.
LINKABLE: Final = frozenset({"contact_name_taken", "contact_number_taken", "contact_archived", "contact_gone"})
#: Problems that appending the Clio ID to one contact's name helps with.
APPENDABLE: Final = frozenset({"contact_name_taken"})
#: Problems that a new contact helps with: the old one is of no use any more, or holds our number.
RENEWABLE: Final = frozenset({"contact_archived", "contact_gone", "contact_number_taken"})
#: Problems that adopting the invoice which holds the number helps with.
ADOPTABLE: Final = frozenset({"invoice_number_taken"})
#: Problems that another number helps with: the own one is taken, or the invoice under it is gone for good.
RENUMBERABLE: Final = frozenset({"invoice_number_taken", "voided_in_xero", "invoice_gone"})

_CATEGORY: Final = "category:"


@dataclass(frozen=True, slots=True)
class Offer:
    """One of several documents in Xero that a person may choose on an error's row."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Choices:
    """What an error offers to choose from. `action` names what follows.

    `none` are the words for none of these; empty where that is no answer. `question` is what is asked.
    """

    offers: tuple[Offer, ...]
    action: str
    none: str
    question: str = "Which of them is it?"

    @property
    def only(self) -> Offer | None:
        """The offer, where there is no other: then there is nothing to choose, only to do."""
        return self.offers[0] if len(self.offers) == 1 and not self.none else None

    def label_of(self, value: str) -> str | None:
        """The words of a value; empty stands for none of these, None is the answer to what was never offered."""
        if not value:
            return self.none or None
        return next((offer.label for offer in self.offers if offer.value == value), None)


def choices_of(*, code: str, details: Mapping[str, Any]) -> Choices | None:
    """Read what an error offers: `choices`, a list of {"value", "label"}; None if there are none.

    `choice_action` names what follows, else the error's code does; `choice_none` has the words for "none of these",
    and `choice_question` those of the question.
    """
    offers = tuple(Offer(str(one["value"]), str(one["label"])) for one in details.get("choices") or ())
    if not offers:
        return None
    action = str(details.get("choice_action") or code)
    none = str(details.get("choice_none", "None of these: create it"))
    return Choices(offers, action, none, str(details.get("choice_question") or "Which of them is it?"))


def category_of_field(field: str) -> CategoryKey | None:
    """The category that an error's field names ("category:expense:15"), or None if it names something else."""
    kind, _colon, clio_id = field.removeprefix(_CATEGORY).partition(":")
    if not field.startswith(_CATEGORY) or not clio_id.isdigit():
        return None
    return ("service", int(clio_id)) if kind == "service" else ("expense", int(clio_id))


def field_of_category(key: CategoryKey) -> str:
    """The field by which errors name a category."""
    return f"{_CATEGORY}{key[0]}:{key[1]}"


def fields_to_mend(*, cause: str, field: str, named: Mapping[str, str], chart: Chart) -> tuple[str, ...]:
    """The settings and categories in which another account or tax rate has to be chosen to end a cause.

    `named` holds what is in force, by field: a setting's name or a category's field → AccountID or TaxType. A cause is
    the AccountID or TaxType that cannot be used, or an account's code in Xero's own words: everything that names it has
    to be mended at once, or some of the cause's records would stay behind. Where nothing names it, `field` alone.
    """
    wanted = {cause, *(one.account_id for one in chart.accounts.values() if cause and one.code == cause)} - {""}
    found = tuple(name for name, value in named.items() if value in wanted)
    return found or ((field,) if field in named else ())
