"""Ways out of a sync error, as its row offers them: what can be done in place, and the steps for Clio and Xero."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from syncengine.domain.adoption import renumbered
from syncengine.domain.chart import Chart, Use
from syncengine.domain.mapping.contact_forms import contact_number, fold, id_suffix
from syncengine.domain.setting_names import TAX_SETTINGS
from syncengine.domain.ways import (
    ADOPTABLE,
    APPENDABLE,
    LINKABLE,
    RENEWABLE,
    RENUMBERABLE,
    Choices,
    category_of_field,
    choices_of,
    fields_to_mend,
)
from syncengine.models import Link
from syncengine.pages.choices import Option, OptionGroup, account_groups, tax_groups
from syncengine.pages.problem_rows import LinkFacts
from syncengine.pages.remedy_facts import ContactOffer, RemedyFacts
from syncengine.pages.setting_fields import USES
from syncengine.xero.remedies import steps_of

#: How the steps begin that a button does in place: they are not told twice.
_LINK_STEPS: Final = ("Link it to", "Link the client", "Look for the contact with that number")
_APPEND_STEPS: Final = ("Append the Clio ID",)
_ADOPT_STEPS: Final = ("Adopt that invoice",)
_NUMBER_STEPS: Final = ("Send the bill under", "Send the bill again under", "Send it again under")
_CHOICE_STEPS: Final = ("Choose which",)
#: How often a contact may have been made anew and still be found by its number.
_GENERATIONS: Final = (1, 2, 3)


@dataclass(frozen=True, slots=True)
class Ways:
    """What one record's row offers. Empty values are not offered; `steps` is what is left to do by hand."""

    contacts: tuple[ContactOffer, ...] = ()
    can_link: bool = False
    append_name: str = ""
    can_renew: bool = False
    can_adopt: bool = False
    number: str = ""
    choices: Choices | None = None
    steps: tuple[str, ...] = ()

    @property
    def has_any(self) -> bool:
        """Whether anything can be done in place."""
        return (
            self.can_link or self.can_renew or self.can_adopt or bool(self.append_name or self.number or self.choices)
        )


@dataclass(frozen=True, slots=True)
class SettingWay:
    """Another account or tax rate for everything that a cause names. `places` are the settings and categories."""

    fields: tuple[str, ...]
    places: str
    is_tax: bool
    groups: tuple[OptionGroup, ...]

    @property
    def values(self) -> frozenset[str]:
        """What may be chosen."""
        return frozenset(option.value for group in self.groups for option in group.options)


def needs_of(rows: Iterable[Any]) -> tuple[set[str], set[str]]:
    """The folded names and the ContactNumbers of the Xero contacts that the rows of these errors may offer."""
    names, numbers = set(), set()
    for row in rows:
        if row.kind != Link.Kind.CONTACT or row.code not in LINKABLE:
            continue
        names |= {fold(name)[:255] for name in (row.cause, row.details.get("contact", "")) if name}
        numbers |= {contact_number(row.clio_id, generation=generation) for generation in _GENERATIONS}
    return names, numbers


def ways_of(*, row: Any, link: LinkFacts, facts: RemedyFacts) -> Ways:
    """The ways out of one record's problem."""
    code, of_contact, of_bill = row.code, row.kind == Link.Kind.CONTACT, row.kind == Link.Kind.INVOICE
    can_link = code in LINKABLE and (of_contact or of_bill or link.bill_id is not None)
    append_name = ""
    if code in APPENDABLE and of_contact and not facts.appends_all_ids and row.clio_id not in facts.append_id_for:
        append_name = f"{link.title or row.cause}{id_suffix(clio_id=row.clio_id)}"
    number = ""
    if code in RENUMBERABLE and of_bill and (own := link.number or row.details.get("number", "")):
        number = renumbered(own, row.clio_id, generation=link.generation + 1)
    can_adopt = code in ADOPTABLE and of_bill
    choices = choices_of(code=code, details=row.details)
    covered = [
        *(_LINK_STEPS if can_link else ()),
        *(_APPEND_STEPS if append_name or code in APPENDABLE else ()),
        *(_ADOPT_STEPS if can_adopt else ()),
        *(_NUMBER_STEPS if number else ()),
        *(_CHOICE_STEPS if choices else ()),
    ]
    return Ways(
        contacts=_offers(row, link, facts) if of_contact and can_link else (),
        can_link=can_link,
        append_name=append_name,
        can_renew=code in RENEWABLE and can_link,
        can_adopt=can_adopt,
        number=number,
        choices=choices,
        steps=_without(steps_of(row.remedy), covered),
    )


def _offers(row: Any, link: LinkFacts, facts: RemedyFacts) -> tuple[ContactOffer, ...]:
    """The live contacts that have the name, or our number; not the one that is linked already."""
    names = {fold(name) for name in (row.cause, link.title, row.details.get("contact", "")) if name}
    number = contact_number(row.clio_id, generation=link.generation)
    return tuple(
        offer
        for offer in facts.contacts
        if offer.is_live and offer.contact_id != link.xero_id and (fold(offer.name) in names or offer.number == number)
    )


def _without(steps: Iterable[str], covered: Collection[str]) -> tuple[str, ...]:
    return tuple(step for step in steps if not any(step.startswith(beginning) for beginning in covered))


def setting_way(*, cause: str, field: str, facts: RemedyFacts) -> SettingWay | None:
    """The accounts, or tax rates, that can be chosen to end a cause; None where no setting does."""
    fields = fields_to_mend(cause=cause, field=field, named=facts.named, chart=facts.chart)
    if not fields:
        return None
    is_tax = any(name in TAX_SETTINGS for name in fields)
    groups = tax_groups(facts.chart) if is_tax else _accounts_for(fields, facts.chart)
    places = [_place(name, facts) for name in fields]
    return SettingWay(fields, ", ".join(places), is_tax, _without_value(groups, cause, facts.chart))


def _accounts_for(fields: Collection[str], chart: Chart) -> tuple[OptionGroup, ...]:
    """The accounts that fit all of these settings and categories at once."""
    uses = {Use.EXPENSES if category_of_field(name) else USES[name] for name in fields}
    fitting = [{account.account_id for account in chart.choices(use)} for use in uses]
    common = set.intersection(*fitting)
    first = account_groups(chart, next(iter(uses)))
    kept = (OptionGroup(group.name, tuple(one for one in group.options if one.value in common)) for group in first)
    return tuple(group for group in kept if group.options)


def _without_value(groups: Iterable[OptionGroup], cause: str, chart: Chart) -> tuple[OptionGroup, ...]:
    """The chart may be hours old: what Xero has just refused is not offered again."""
    refused = {cause, *(one.account_id for one in chart.accounts.values() if cause and one.code == cause)}

    def may_be_chosen(option: Option) -> bool:
        return option.value not in refused

    kept = (OptionGroup(group.name, tuple(filter(may_be_chosen, group.options))) for group in groups)
    return tuple(group for group in kept if group.options)


def _place(name: str, facts: RemedyFacts) -> str:
    told = str(facts.field_names.get(name, name))
    return _("category %(name)s") % {"name": told} if category_of_field(name) else told
