"""Sample invoices of a preview: the bill in Clio on the left, the invoice as it will look in Xero on the right."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class SampleFact:
    """One row of the header on both sides; a side is text, or a date."""

    name: str
    clio: str
    xero: str
    clio_day: date | None = None
    xero_day: date | None = None


@dataclass(frozen=True, slots=True)
class SampleLine:
    """One line on both sides. Amounts are in the sample's currency; None where a side has none."""

    clio_text: str
    clio_figures: str
    clio_amount: Decimal | None
    text: str
    figures: str
    account: str
    tax: str
    amount: Decimal | None


@dataclass(frozen=True, slots=True)
class SampleTotal:
    """Net, tax or total on both sides."""

    name: str
    clio: Decimal
    xero: Decimal

    @property
    def agreement(self) -> str:
        """How the rule between them is drawn."""
        return "agree" if self.clio == self.xero else "differ"


@dataclass(frozen=True, slots=True)
class Sample:
    """A bill and its invoice."""

    number: str
    currency: str
    facts: tuple[SampleFact, ...]
    lines: tuple[SampleLine, ...]
    more_lines: int
    totals: tuple[SampleTotal, ...]
    client: str = ""

    @property
    def total(self) -> Decimal:
        """What the invoice comes to."""
        return self.totals[-1].xero


def samples_of(plain: Iterable[Mapping[str, Any]]) -> tuple[Sample, ...]:
    """The samples of a report."""
    return tuple(
        Sample(
            number=one["number"],
            currency=one["currency"],
            client=one["client"],
            facts=_facts(one),
            lines=tuple(map(_line, one["lines"])),
            more_lines=one["more_lines"],
            totals=tuple(
                SampleTotal(name, Decimal(one["clio"][key]), Decimal(one["xero"][key]))
                for key, name in (("net", _("Before tax")), ("tax", _("Tax")), ("total", _("Total")))
            ),
        )
        for one in plain
    )


def _facts(one: Mapping[str, Any]) -> tuple[SampleFact, ...]:
    clio, xero = one["clio"], one["xero"]
    states = {
        "draft": _("Draft"),
        "awaiting_approval": _("Pending Approval"),
        "awaiting_payment": _("Awaiting Payment"),
        "paid": _("Paid"),
    }
    statuses = {"DRAFT": _("Draft"), "SUBMITTED": _("Awaiting Approval"), "AUTHORISED": _("Awaiting Payment")}
    return (
        SampleFact(_("Number"), one["number"], one["number"]),
        SampleFact(_("Client"), one["client"], xero["contact"]),
        SampleFact(_("Date"), "", "", _day(clio["issued"]), _day(xero["date"])),
        SampleFact(_("Due"), "" if clio["due_on"] else "–", "", _day(clio["due_on"]), _day(xero["due_on"])),
        SampleFact(_("Matter and reference"), ", ".join(clio["matters"]) or "–", xero["reference"] or "–"),
        SampleFact(_("State"), states.get(one["state"], one["state"]), statuses.get(xero["status"], xero["status"])),
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _line(plain: Mapping[str, Any]) -> SampleLine:
    said = {
        "interest": _("Interest on the bill"),
        "discount": _("Discount"),
        "text": _("Shown without a charge"),
    }.get(plain["what"], plain["clio_text"])
    return SampleLine(
        clio_text=said or "–",
        clio_figures=_figures(plain["clio_figures"]),
        clio_amount=_amount(plain["clio_amount"]),
        text=plain["text"],
        figures=_figures(plain["figures"]),
        account=plain["account"],
        tax=plain["tax"],
        amount=_amount(plain["amount"]),
    )


def _figures(text: str) -> str:
    return text.replace("-", "\N{MINUS SIGN}")


def _amount(text: str) -> Decimal | None:
    return Decimal(text) if text else None
