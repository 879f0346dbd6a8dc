"""What a finished preview found: what will be created, linked and left out, and what would be blocked."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from syncengine.domain.estimate import Limits, Sending, calls_for, time_for
from syncengine.domain.money import ZERO, from_cents
from syncengine.domain.rules import Rules
from syncengine.models import Preview
from syncengine.pages.ledger import Agreement, Ledger, LedgerRow, Side
from syncengine.pages.preview_samples import Sample, samples_of
from syncengine.pages.problem_words import settings_page
from syncengine.pages.wording import lasting


@dataclass(frozen=True, slots=True)
class HeldUp:
    """What would be blocked or refused by one cause, with what to do about it."""

    title: str
    remedy: str
    count_words: str
    sums: tuple[tuple[str, Decimal], ...]
    examples: tuple[str, ...]
    settings_page: str


@dataclass(frozen=True, slots=True)
class Report:
    """What a finished preview found."""

    made_at: datetime | None
    is_current: bool
    contacts_words: str
    linked_names: tuple[tuple[str, str], ...]
    linked_more: int
    ledgers: tuple[Ledger, ...]
    notes: tuple[str, ...]
    held_up: tuple[HeldUp, ...]
    samples: tuple[Sample, ...]
    duration_words: str
    is_empty: bool


def build_report(row: Preview, rules: Rules, *, is_current: bool) -> Report:
    """Tell what a finished preview found; `is_current`: under the settings as they are now."""
    found = row.report
    sending = _sending(found, rules)
    names = [(name, email) for name, email in found.get("linked_names", ())]
    return Report(
        made_at=row.made_at,
        is_current=is_current,
        contacts_words=_contacts_words(found),
        linked_names=tuple(names),
        linked_more=max(0, found.get("contacts_linked", 0) - len(names)),
        ledgers=tuple(_ledgers(found, rules)),
        notes=tuple(_notes(found, rules)),
        held_up=_held_up(found),
        samples=samples_of(found.get("samples", ())),
        duration_words=_duration_words(sending),
        is_empty=not any((found.get("invoices"), found.get("invoices_linked"), found.get("causes"))),
    )


def _sending(found: Mapping[str, Any], rules: Rules) -> Sending:
    def documents(name: str) -> int:
        return sum(entry[0] for entry in found.get(name, {}).values())

    return Sending(
        contacts=found.get("contacts_new", 0),
        invoices=documents("invoices"),
        payments=documents("paid") if rules.payment_bank_account else 0,
        credit_notes=documents("credited") if rules.credit_notes_account else 0,
    )


def _ledgers(found: Mapping[str, Any], rules: Rules) -> Iterator[Ledger]:
    """Clio beside Xero as it will be, a currency at a time."""
    held: dict[str, list[int]] = {}
    for cause in found.get("causes", {}).values():
        for currency, (count, cents) in cause["sums"].items():
            entry = held.setdefault(currency, [0, 0])
            entry[0] += count
            entry[1] += cents
    names = ("invoices", "invoices_linked", "paid", "credited")
    for currency in sorted({*held, *(currency for name in names for currency in found.get(name, {}))}):

        def sums(name: str, currency: str = currency) -> tuple[int, int]:
            count, cents = found.get(name, {}).get(currency, (0, 0))
            return count, cents

        yield Ledger(currency, tuple(_rows(sums, held.get(currency, [0, 0]), rules)))


def _rows(sums: Callable[[str], tuple[int, int]], held: list[int], rules: Rules) -> Iterator[LedgerRow]:
    on_the_way, agree, differ = Agreement.ON_THE_WAY, Agreement.AGREE, Agreement.DIFFER
    if (new := sums("invoices"))[0]:
        side = _side(*new, ngettext("%(n)s invoice", "%(n)s invoices", new[0]))
        yield LedgerRow(_("Billed"), _bills(*new), side, on_the_way, _("will be created"))
    if (linked := sums("invoices_linked"))[0]:
        side = _side(*linked, ngettext("%(n)s invoice", "%(n)s invoices", linked[0]))
        yield LedgerRow(_("Billed"), _bills(*linked), side, agree, _("in Xero already: will be linked"))
    for name, title, is_sent, why in (
        ("paid", _("Paid"), bool(rules.payment_bank_account), _("no payments are sent: no bank account is matched")),
        ("credited", _("Credited"), bool(rules.credit_notes_account), _("waits for an account for Credit Notes")),
    ):
        if (money := sums(name))[0]:
            side = _side(*money, ngettext("on %(n)s invoice", "on %(n)s invoices", money[0]))
            rule, words = (on_the_way, _("will follow")) if is_sent else (differ, why)
            yield LedgerRow(title, _bills(*money), side, rule, words, is_one_sided=not is_sent)
    if held[0]:
        words = _("would be blocked or refused: see below")
        yield LedgerRow(_("Held up"), _bills(*held), Side(0, ZERO), differ, words, is_one_sided=True)


def _side(count: int, cents: int, words: str) -> Side:
    return Side(count, from_cents(cents), words % {"n": f"{count:,}"})


def _bills(count: int, cents: int) -> Side:
    return _side(count, cents, ngettext("%(n)s bill", "%(n)s bills", count))


def _contacts_words(found: Mapping[str, Any]) -> str:
    new, linked = found.get("contacts_new", 0), found.get("contacts_linked", 0)
    told = []
    if new:
        told.append(ngettext("%(n)s contact will be created", "%(n)s contacts will be created", new) % _n(new))
    if linked:
        words = ngettext(
            "%(n)s stands in Xero already and will be linked", "%(n)s stand in Xero already and will be linked", linked
        )
        told.append(words % _n(linked))
    return f"{'; '.join(told)}." if told else _("No contact has to be created.")


def _notes(found: Mapping[str, Any], rules: Rules) -> Iterator[str]:
    """What stays out, and why; nobody has to do anything about it."""
    out = {
        "out_of_range": ngettext(
            "%(n)s bill is outside the range.",
            "%(n)s bills are outside the range.",
            found["left_out"].get("out_of_range", 0),
        ),
        "not_approved": ngettext(
            "%(n)s bill is not approved in Clio yet.",
            "%(n)s bills are not approved in Clio yet.",
            found["left_out"].get("not_approved", 0),
        ),
        "gone": ngettext(
            "%(n)s bill was voided or deleted in Clio.",
            "%(n)s bills were voided or deleted in Clio.",
            found["left_out"].get("gone", 0),
        ),
    }
    for reason, count in found["left_out"].items():
        if reason in out:
            yield out[reason] % _n(count)
    for reason, count in found["waiting"].items():
        if reason == "waiting_for_contact":
            words = ngettext(
                "%(n)s bill waits until its contact is settled.",
                "%(n)s bills wait until their contacts are settled.",
                count,
            )
            yield words % _n(count)
        else:
            words = ngettext("%(n)s bill waits. %(why)s.", "%(n)s bills wait. %(why)s.", count)
            yield words % {**_n(count), "why": reason}
    if found["in_xero"]:
        words = ngettext("%(n)s bill was sent earlier.", "%(n)s bills were sent earlier.", found["in_xero"])
        yield words % _n(found["in_xero"])
    if found["drafts"]:
        words = ngettext("%(n)s invoice is sent as a draft.", "%(n)s invoices are sent as drafts.", found["drafts"])
        yield words % _n(found["drafts"])
    for rate, count in found.get("other_rates", {}).items():
        _tax, clio, name, xero = rate.split("|")
        words = ngettext(
            "%(n)s bill has a tax of %(clio)s%%, and %(name)s has %(xero)s%%: its tax is sent as Clio states it. Look "
            "whether it belongs under that rate.",
            "%(n)s bills have a tax of %(clio)s%%, and %(name)s has %(xero)s%%: their tax is sent as Clio states it. "
            "Look whether it belongs under that rate.",
            count,
        )
        yield words % {**_n(count), "clio": clio, "name": name, "xero": xero}
    if not rules.interest_account:
        yield _("No account for Interest is chosen: bills with interest would be blocked.")


def _held_up(found: Mapping[str, Any]) -> tuple[HeldUp, ...]:
    causes = sorted(found.get("causes", {}).values(), key=lambda cause: (-cause["count"], cause["code"]))
    return tuple(
        HeldUp(
            title=_title(cause),
            remedy=cause["remedy"],
            count_words=_count_words(cause),
            sums=tuple((currency, from_cents(entry[1])) for currency, entry in sorted(cause["sums"].items())),
            examples=tuple(cause["examples"]),
            settings_page=settings_page(cause["field"]),
        )
        for cause in causes
    )


def _title(cause: Mapping[str, Any]) -> str:
    if cause["code"] == "contact_name_taken" and cause["count"] > 1:
        return _("Xero has other contacts with the names of these clients.")
    message = str(cause["message"])
    return message if message.endswith((".", "!", "?")) else f"{message}."


def _count_words(cause: Mapping[str, Any]) -> str:
    count = cause["count"]
    words = (
        ngettext("%(n)s contact", "%(n)s contacts", count)
        if cause["kind"] == "contact"
        else ngettext("%(n)s bill", "%(n)s bills", count)
    )
    return words % _n(count)


def _duration_words(sending: Sending) -> str:
    limits = Limits(per_day=settings.XERO_DAY_LIMIT)
    took = time_for(calls=calls_for(sending), limits=limits)
    if not took.calls:
        return _("Nothing has to be sent, so it ends as soon as both sides are read.")
    calls = ngettext("About %(n)s call to Xero", "About %(n)s calls to Xero", took.calls) % _n(took.calls)
    if took.days > 1:
        return _(
            "%(calls)s. Xero allows %(allowed)s a day, and a fifth of them is kept for the day's changes, so it goes "
            "on by itself over %(days)s days."
        ) % {"calls": calls, "allowed": f"{limits.per_day:,}", "days": took.days}
    return _("%(calls)s, at %(rate)s a minute: it takes %(time)s.") % {
        "calls": calls,
        "rate": limits.per_minute,
        "time": lasting(took.lasts),
    }


def _n(count: int) -> dict[str, str]:
    return {"n": f"{count:,}"}
