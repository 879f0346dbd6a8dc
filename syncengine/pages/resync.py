"""What a resync of one bill would change, told before it is asked for."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from syncengine.domain.differences import FieldChange, LineChange, differences
from syncengine.domain.documents import Blocked, InvoiceDocument, StandingInvoice
from syncengine.domain.plan import Change, Held, Unchanged, Update, Void
from syncengine.domain.rules import Rules

_LEFT_OUT: Mapping[str, object] = {
    "out_of_range": gettext_lazy("The bill was issued outside the dates that are synced, so nothing of it is sent."),
    "not_approved": gettext_lazy("The bill is not approved in Clio, so nothing of it is sent."),
    "trust": gettext_lazy("This is a request for trust money; these are never sent."),
    "gone": gettext_lazy("The bill was voided or deleted in Clio, so nothing of it is sent."),
    "off": gettext_lazy("The export of bills is switched off, so nothing is sent."),
    "reopened": gettext_lazy("The bill was reopened in Clio; its invoice stays as it is until it is approved again."),
}
_VERBS: Mapping[str, object] = {
    "added": gettext_lazy("Added"),
    "removed": gettext_lazy("Removed"),
    "changed": gettext_lazy("Changed"),
}


@dataclass(frozen=True, slots=True)
class ToldLine:
    """One line that would come, go or change."""

    verb: str
    place: int
    text: str
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class ResyncPlan:
    """The plan in words. `can_ask`: there is something that a resync would do."""

    words: str
    remedy: str
    can_ask: bool
    header: tuple[FieldChange, ...] = ()
    lines: tuple[ToldLine, ...] = ()


def tell_plan(*, change: Change, standing: StandingInvoice | None, rules: Rules, client: str) -> ResyncPlan:
    """Tell what a change would do to an invoice, with accounts, tax rates and the contact by name."""
    if isinstance(change, Held):
        remedy = change.why.remedy if isinstance(change.why, Blocked) else ""
        return ResyncPlan(change.why.message, remedy, can_ask=False)
    if isinstance(change, Unchanged):
        words = _LEFT_OUT.get(change.reason, _("Nothing would change."))
        return ResyncPlan(str(words), "", can_ask=False)
    if isinstance(change, Void):
        return ResyncPlan(_("The bill was voided in Clio: its invoice is voided by itself."), "", can_ask=False)
    if not isinstance(change, Update) or not isinstance(change.document, InvoiceDocument) or standing is None:
        return ResyncPlan(_("This bill was never sent; it is sent by itself."), "", can_ask=False)
    found = differences(document=change.document, standing=standing)
    if not found:
        words = _("Nothing would change: the invoice stands as the present settings would have it.")
        return ResyncPlan(words, "", can_ask=False)
    names = _names(rules)
    return ResyncPlan(
        words=_("The invoice would be sent again like this. Payments and credits on it stay."),
        remedy="",
        can_ask=True,
        header=tuple(_named(one, names, standing.contact_name, client) for one in found.header),
        lines=tuple(_line(line, names) for line in found.lines),
    )


def _names(rules: Rules) -> dict[str, dict[str, str]]:
    return {
        "Account": {account.code: account.label for account in rules.accounts.values() if account.code},
        "Tax rate": {rate.tax_type: rate.name for rate in rules.tax_rates.values()},
    }


def _named(change: FieldChange, names: Mapping[str, Mapping[str, str]], before: str, after: str) -> FieldChange:
    if change.name == "Contact":
        return FieldChange(change.name, before, after)
    return _value_named(change, names)


def _value_named(change: FieldChange, names: Mapping[str, Mapping[str, str]]) -> FieldChange:
    known = names.get(change.name, {})
    return FieldChange(change.name, known.get(change.before, change.before), known.get(change.after, change.after))


def _line(line: LineChange, names: Mapping[str, Mapping[str, str]]) -> ToldLine:
    fields = tuple(_value_named(one, names) for one in line.fields)
    return ToldLine(str(_VERBS[line.verb]), line.place, line.text, fields)
