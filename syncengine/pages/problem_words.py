"""The words of a sync error: what its record is called, which bills wait, which figures do not add up."""

from collections.abc import Sequence
from typing import Any, Final, TypeVar

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from syncengine.domain.setting_names import SETTING_NAMES
from syncengine.models import Link
from syncengine.pages.problem_rows import WAITING_READ, LinkFacts
from syncengine.pages.wording import written

_T = TypeVar("_T")
_FIGURES: Final = (
    "lines before discount", "lines", "tax on lines", "bill discount", "sub-total", "tax", "interest", "total", "due",
    "paid", "credits", "balance",
)  # fmt: skip


def figures(row: Any) -> tuple[tuple[str, str], ...]:
    """All figures of a bill that does not add up, in the order in which one reads a bill (BEHAVIOUR §5, Totals)."""
    if row.code != "totals_mismatch":
        return ()
    known = {name: place for place, name in enumerate(_FIGURES)}
    told = sorted(row.details.items(), key=lambda pair: (known.get(pair[0], len(known)), pair[0]))
    return tuple((name[:1].upper() + name[1:], written(str(value))) for name, value in told if name in known)


def waiting_words(count: int) -> str:
    """How many bills wait for a contact; empty text for none."""
    if not count:
        return ""
    if count >= WAITING_READ:
        return _("%(count)s bills or more wait for it") % {"count": f"{count:,}"}
    return ngettext("%(count)s bill waits for it", "%(count)s bills wait for it", count) % {"count": f"{count:,}"}


def records(count: int) -> str:
    """So many records."""
    return ngettext("%(count)s record", "%(count)s records", count) % {"count": f"{count:,}"}


def record_page(*, kind: str, clio_id: int | None, bill_id: int | None = None) -> str:
    """The address of a record's page here; what stands on a bill is told on the bill's page."""
    if kind == Link.Kind.CONTACT and clio_id is not None:
        return reverse("contact_record", args=[clio_id])
    bill = clio_id if kind == Link.Kind.INVOICE else bill_id
    return reverse("bill_record", args=[bill]) if bill is not None else ""


def name_of(row: Any, link: LinkFacts) -> str:
    """What a problem's record is called: "Bill 1042", "Payment on bill 1042", "Alder Holdings Ltd"."""
    if row.clio_id is None:
        return _("The whole firm")
    if row.kind == Link.Kind.CONTACT:
        return link.title or row.details.get("contact") or _("Contact %(id)s") % {"id": row.clio_id}
    if row.kind == Link.Kind.INVOICE:
        number = link.number or row.details.get("number") or row.clio_id
        return _("Bill %(number)s") % {"number": number}
    bill = link.bill_number or row.details.get("number") or link.bill_id or row.clio_id
    words = {
        Link.Kind.PAYMENT.value: _("Payment on bill %(number)s"),
        Link.Kind.CREDIT_NOTE.value: _("Credit on bill %(number)s"),
        Link.Kind.ALLOCATION.value: _("Credit on bill %(number)s"),
        Link.Kind.INTEREST.value: _("Interest on bill %(number)s"),
    }
    return words.get(row.kind, _("Hard cost %(number)s")) % {"number": bill}


def title(messages: Sequence[str], count: int) -> str:
    """What `count` records with these messages have in common, in a sentence or two."""
    common = same(messages)
    if common:
        return common
    return _("%(message)s And %(others)s more like it.") % {"message": messages[0], "others": f"{count - 1:,}"}


def same(values: Sequence[_T]) -> _T | None:
    """The value that all of these are, or None."""
    return values[0] if all(value == values[0] for value in values) else None


def settings_page(field: str) -> str:
    """The name of the page on which this field is mended, or empty text."""
    if field in SETTING_NAMES:
        return "xero_settings"
    return "categories" if field.startswith("category:") else ""
