"""The page on which an admin looks at a plan that removes unusually much (BEHAVIOUR §9)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Firm
from syncengine.domain.money import from_cents
from syncengine.models import Link, Review
from syncengine.pages.addresses import Addresses, addresses_for
from syncengine.pages.facts import read_facts

_SHOWN = 500
_ORDER = (Link.Kind.INVOICE, Link.Kind.INTEREST, Link.Kind.PAYMENT, Link.Kind.CREDIT_NOTE)


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One document that would go; `amount` is in `currency`."""

    name: str
    what: str
    client: str
    dated: date | None
    amount: Decimal | None
    currency: str
    clio_url: str
    xero_url: str
    page: str


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """Everything that the page shows; `mark` names the list, empty where nothing is to be decided."""

    mark: str
    made_at: datetime | None
    count: int
    sums: tuple[tuple[str, str, Decimal], ...]
    rows: tuple[ReviewRow, ...]
    more: int
    open_errors: int


def build_review(*, firm: Firm) -> ReviewPage:
    """Build the current firm's page: six queries."""
    facts = read_facts(firm)
    review = Review.objects.filter(state=Review.State.OPEN).first()
    if review is None:
        return ReviewPage("", None, 0, (), (), 0, facts.open_errors)
    links = sorted(_links(review.items), key=lambda link: (_ORDER.index(Link.Kind(link.kind)), link.clio_id))
    addresses = addresses_for(facts.clio.region)
    return ReviewPage(
        mark=review.mark,
        made_at=review.made_at,
        count=len(review.items),
        sums=_sums(links),
        rows=tuple(_row(link, addresses) for link in links[:_SHOWN]),
        more=max(0, len(links) - _SHOWN),
        open_errors=facts.open_errors,
    )


def _links(items: Iterable[tuple[str, int]]) -> list[Link]:
    by_kind: dict[str, list[int]] = defaultdict(list)
    for kind, clio_id in items:
        by_kind[kind].append(clio_id)
    wanted = Q(pk__in=[])
    for kind, ids in by_kind.items():
        wanted |= Q(kind=kind, clio_id__in=ids)
    return list(Link.objects.filter(wanted))


def _sums(links: Iterable[Link]) -> tuple[tuple[str, str, Decimal], ...]:
    """What goes, in words, with currency and sum, by kind and currency."""
    found: dict[tuple[str, str], list[int]] = {}
    for link in links:
        entry = found.setdefault((link.kind, link.currency), [0, 0])
        entry[0] += 1
        entry[1] += abs(link.amount_minor or 0)
    return tuple(
        (_words(kind, count), currency, from_cents(minor)) for (kind, currency), (count, minor) in found.items()
    )


def _words(kind: str, count: int) -> str:
    number = {"count": f"{count:,}"}
    if kind == Link.Kind.PAYMENT:
        return ngettext("%(count)s payment removed", "%(count)s payments removed", count) % number
    if kind == Link.Kind.CREDIT_NOTE:
        return ngettext("%(count)s credit note voided", "%(count)s credit notes voided", count) % number
    return ngettext("%(count)s invoice voided", "%(count)s invoices voided", count) % number


def _row(link: Link, addresses: Addresses) -> ReviewRow:
    what = {
        Link.Kind.PAYMENT: _("Payment removed"),
        Link.Kind.CREDIT_NOTE: _("Credit note voided"),
    }.get(Link.Kind(link.kind), _("Invoice voided"))
    bill_id = link.bill_id or link.clio_id
    return ReviewRow(
        name=_("Bill %(number)s") % {"number": link.number or bill_id},
        what=what,
        client=link.title,
        dated=link.dated,
        amount=None if link.amount_minor is None else from_cents(link.amount_minor),
        currency=link.currency,
        clio_url=addresses.in_clio(kind=Link.Kind.INVOICE, clio_id=bill_id),
        xero_url=addresses.in_xero(kind=Link.Kind.INVOICE, xero_id=_invoice_of(link)),
        page=reverse("bill_record", args=[bill_id]),
    )


def _invoice_of(link: Link) -> str | None:
    return link.base.get("invoice") or (link.xero_id if link.kind in _ORDER[:2] else None)
