"""What saving the Xero settings would do, counted before it is done (LOOK.md, Forms)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, DecimalField, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from syncengine.domain.setting_names import ACCOUNT_SETTINGS, SETTING_NAMES, TAX_SETTINGS
from syncengine.models import Link, Snapshot, SyncError, SyncSettings

_APPROVED = Q(clio_state__in=("awaiting_payment", "paid"))
_GONE = Q(clio_state__in=("void", "deleted"))
_NONE = Q(pk__in=())
_SENT = Q(xero_id__isnull=False)
_CODING = frozenset({*ACCOUNT_SETTINGS, *TAX_SETTINGS} - {"payment_bank_account", "clio_payments_account"})


@dataclass(frozen=True, slots=True)
class Effects:
    """What would change, a sentence each; none where nothing would. `faults`: what has to be corrected first."""

    sentences: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Scope:
    """What decides which bills are sent (BEHAVIOUR §5); both ends of the range belong to it."""

    is_on: bool
    issued_from: date | None
    issued_to: date | None
    only_approved: bool

    def in_range(self) -> Q:
        """Links of bills of the range; none while the export is off. A bill without a date is in every range."""
        if not self.is_on:
            return _NONE
        inside = Q()
        if self.issued_from:
            inside &= Q(dated__gte=self.issued_from)
        if self.issued_to:
            inside &= Q(dated__lte=self.issued_to)
        return Q(dated__isnull=True) | inside if inside else ~_NONE

    def holds(self) -> Q:
        """Links of bills that are sent."""
        return self.in_range() & ~_GONE & (_APPROVED if self.only_approved else ~_NONE)


def effects_of(*, saved: SyncSettings, values: Mapping[str, Any]) -> tuple[str, ...]:
    """What saving these checked values would do to the current firm: a few queries, none where nothing moves."""
    changed = frozenset(
        name for name, value in values.items() if name in SETTING_NAMES and getattr(saved, name) != value
    )
    if not changed:
        return ()
    before, after = _scope(saved, {}), _scope(saved, values)
    sentences = (
        *(_of_scope(before, after) if before != after else ()),
        *_of_payments(saved, values, after),
        *_of_credits(saved, values, after),
        *_of_coding(changed),
        *_of_ids(changed),
    )
    return sentences or (_("Nothing that is sent changes."),)


def _scope(saved: SyncSettings, values: Mapping[str, Any]) -> _Scope:
    def value(name: str) -> Any:
        return values.get(name, getattr(saved, name))

    return _Scope(
        value("export_bills"), value("bills_issued_from"), value("bills_issued_to"), value("only_approved_bills")
    )


def _of_scope(before: _Scope, after: _Scope) -> Iterator[str]:
    was, will = before.in_range(), after.in_range()
    counts = _bills().aggregate(
        all=Count("pk"),
        enter=Count("pk", filter=after.holds() & ~before.holds() & ~_SENT),
        leave=Count("pk", filter=before.holds() & ~after.holds() & ~_SENT),
        freeze=Count("pk", filter=_SENT & was & ~will),
        thaw=Count("pk", filter=_SENT & will & ~was),
    )
    if not counts["all"]:
        yield _first(after)
        return
    if n := counts["enter"]:
        yield ngettext("%(n)s bill would come into scope.", "%(n)s bills would come into scope.", n) % _shown(n)
    if n := counts["leave"]:
        yield (
            ngettext(
                "%(n)s bill that is not in Xero yet would be left out.",
                "%(n)s bills that are not in Xero yet would be left out.",
                n,
            )
            % _shown(n)
        )
    if n := counts["freeze"]:
        yield (
            ngettext(
                "%(n)s sent bill would be frozen: it stays in Xero as it is, without edits, payments or credits.",
                "%(n)s sent bills would be frozen: they stay in Xero as they are, without edits, payments or credits.",
                n,
            )
            % _shown(n)
        )
    if n := counts["thaw"]:
        yield (
            ngettext(
                "%(n)s frozen bill would be kept in step again.", "%(n)s frozen bills would be kept in step again.", n
            )
            % _shown(n)
        )
    if not any(counts[name] for name in ("enter", "leave", "freeze", "thaw")):
        yield _("No bill would come into scope or leave it.")


def _first(after: _Scope) -> str:
    if after.is_on:
        return _("The first sync starts within seconds of saving: all bills in scope that Clio holds are sent.")
    return _("Nothing is sent while the export is off.")


def _of_payments(saved: SyncSettings, values: Mapping[str, Any], after: _Scope) -> Iterator[str]:
    old, new = saved.payment_bank_account, values.get("payment_bank_account", saved.payment_bank_account)
    online = values.get("clio_payments_account", saved.clio_payments_account)
    if new and not old:
        n = _without(Link.Kind.PAYMENT, "paid", after)
        yield (
            ngettext("Payments of %(n)s invoice would be sent.", "Payments of %(n)s invoices would be sent.", n)
            % _shown(n)
            if n
            else _("Payments would be sent from now on.")
        )
    elif old != new or (old and online != saved.clio_payments_account):
        n = Link.objects.filter(_SENT, kind=Link.Kind.PAYMENT).count()
        words = (
            ngettext(
                "No more payments are sent; %(n)s in Xero stays.", "No more payments are sent; %(n)s in Xero stay.", n
            )
            if old and not new
            else ngettext(
                "New payments go to the accounts chosen now; %(n)s in Xero stays where it is.",
                "New payments go to the accounts chosen now; %(n)s in Xero stay where they are.",
                n,
            )
        )
        yield words % _shown(n)


def _of_credits(saved: SyncSettings, values: Mapping[str, Any], after: _Scope) -> Iterator[str]:
    if saved.credit_notes_account or not values.get("credit_notes_account"):
        return
    if n := _without(Link.Kind.CREDIT_NOTE, "credits_issued", after):
        yield ngettext(
            "Credits of %(n)s invoice would be sent.", "Credits of %(n)s invoices would be sent.", n
        ) % _shown(n)


def _without(kind: Link.Kind, amount: str, scope: _Scope) -> int:
    """How many sent invoices in scope have such an amount in Clio and nothing of that kind in Xero yet.

    Three plain reads of ids, set against each other here: a join of them is planned by statistics that a table filled
    a moment ago does not have, and can then take minutes.
    """
    value = Cast(KeyTextTransform(amount, "record"), DecimalField(max_digits=20, decimal_places=2))
    bills = Snapshot.objects.filter(kind=Snapshot.Kind.BILL).annotate(amount=value).filter(amount__gt=0)
    with_amount = set(bills.values_list("clio_id", flat=True))
    sent = set(_bills().filter(_SENT, scope.holds()).values_list("clio_id", flat=True))
    settled = set(Link.objects.filter(kind=kind, bill_id__isnull=False).values_list("bill_id", flat=True))
    return len((with_amount & sent) - settled)


def _of_coding(changed: frozenset[str]) -> Iterator[str]:
    coded = changed & _CODING
    if not coded:
        return
    yield _("New accounts and tax rates apply to what is sent from now on; lines already in Xero keep theirs.")
    n = SyncError.objects.filter(state=SyncError.State.OPEN, field__in=coded).count()
    if n:
        yield (
            ngettext(
                "%(n)s record that waits for this is tried again.",
                "%(n)s records that wait for this are tried again.",
                n,
            )
            % _shown(n)
        )


def _of_ids(changed: Iterable[str]) -> Iterator[str]:
    if "append_contact_ids" in changed:
        yield _("Contacts that are linked already keep their names in Xero; new ones are named by the new rule.")


def _bills() -> QuerySet[Link]:
    return Link.objects.filter(kind=Link.Kind.INVOICE)


def _shown(n: int) -> dict[str, str]:
    return {"n": f"{n:,}"}
