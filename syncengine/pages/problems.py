"""Sync errors as the pages tell them: grouped by cause, newest first inside, never more than a page can hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from django.urls import reverse

from syncengine.domain.records import digest_of
from syncengine.models import Link, SyncError
from syncengine.pages import problem_words as words
from syncengine.pages.addresses import Addresses
from syncengine.pages.problem_rows import (
    RECORDS_SHOWN,
    LinkFacts,
    contacts_in,
    leading_rows,
    link_facts,
    link_rows,
    waiting_bills,
)
from syncengine.pages.remedy_facts import RemedyFacts, read_remedy_facts
from syncengine.pages.ways import SettingWay, Ways, needs_of, setting_way, ways_of
from syncengine.pages.wording import sentence
from syncengine.xero.remedies import steps_of

__all__ = ["RECORDS_SHOWN", "Cause", "Problem", "Problems", "WaitingBill", "facts_for", "read_problems", "tell_causes"]

_WAITING_SHOWN = 10
_RECORDS_A_PAGE = 25


@dataclass(frozen=True, slots=True)
class WaitingBill:
    """A bill that goes on once its contact does. `page` is its own page here."""

    number: str
    page: str


@dataclass(frozen=True, slots=True)
class Problem:
    """One sync error of one record, or of the firm as a whole (`is_of_firm`). Times are UTC.

    `page` is the record's own page here. `decided` says what somebody decided that no run has taken up yet.
    """

    id: int
    name: str
    page: str
    is_of_firm: bool
    message: str
    remedy: str
    xero_messages: tuple[str, ...]
    clio_url: str
    clio_id: int | None
    xero_url: str
    first_seen_at: datetime
    last_seen_at: datetime
    times: int
    waiting: tuple[WaitingBill, ...]
    waiting_words: str
    ignored_reason: str
    ignored_by: str
    decided: str
    decided_by: str
    figures: tuple[tuple[str, str], ...]
    ways: Ways


@dataclass(frozen=True, slots=True)
class Cause:
    """The problems of one cause. `id` is that of one of them, and stands for all; `more` are not listed.

    `key` stays the same as long as the cause does. `told` is all that can be done, `steps` what is left to do by hand
    beside what can be done in place.
    """

    id: int
    key: str
    title: str
    remedy: str
    told: tuple[str, ...]
    steps: tuple[str, ...]
    xero_messages: tuple[str, ...]
    settings_page: str
    setting_way: SettingWay | None
    count: int
    count_words: str
    first_seen_at: datetime
    last_seen_at: datetime
    problems: tuple[Problem, ...]
    more: int
    is_of_firm: bool
    is_ignored: bool
    code: str = ""

    @property
    def is_one(self) -> bool:
        """Whether one record alone has this problem."""
        return self.count == 1


@dataclass(frozen=True, slots=True)
class Problems:
    """What needs somebody, and what somebody decided to leave: by cause. `is_cut`: there is more than stands here."""

    open: tuple[Cause, ...] = ()
    ignored: tuple[Cause, ...] = field(default=())
    is_cut: bool = False


def read_problems(*, addresses: Addresses, with_ways: bool = False, most: int | None = None) -> Problems:
    """Read the current firm's open and ignored errors: three queries at most, however many there are.

    `with_ways` tells what can be done in place, too; `most` is how many causes of each sort are wanted.
    """
    rows = leading_rows()
    of_state = {state: [row for row in rows if row.state == state] for state in SyncError.State.values}
    opened = _first_causes(of_state[SyncError.State.OPEN], most)
    ignored = _first_causes(of_state[SyncError.State.IGNORED], most)
    shown = [*opened, *ignored]
    facts = facts_for(shown) if with_ways and shown else None
    causes = tell_causes(rows=shown, addresses=addresses, facts=facts)
    first_ignored = len({_key(row) for row in opened})
    all_causes = len({_key(row) for row in rows})
    return Problems(causes[:first_ignored], causes[first_ignored:], is_cut=len(causes) < all_causes)


def _first_causes(rows: Sequence[Any], most: int | None) -> list[Any]:
    """The rows of the first causes. All their records together are no more than a page holds; one of each at least."""
    left = _RECORDS_A_PAGE
    found: list[Any] = []
    for place, (_name, group) in enumerate(groupby(rows, key=_key)):
        if most is not None and place >= most:
            break
        of_cause = list(group)
        kept = of_cause[: max(1, left)] if most is not None else of_cause
        left -= len(kept)
        found += kept
    return found


def _key(row: Any) -> tuple[str, str, str]:
    return (row.state, row.code, row.cause)


def tell_causes(*, rows: Sequence[Any], addresses: Addresses, facts: RemedyFacts | None) -> tuple[Cause, ...]:
    """Tell rows of errors, in order, cause by cause; with `facts`, what can be done about them in place, too."""
    links = facts.links if facts else link_facts(link_rows(rows).values_list("plain", flat=True)) if rows else {}
    teller = _Teller(addresses, waiting_bills(contacts_in(rows)), facts)
    told = [(row, teller.problem(row, links.get((row.kind, row.clio_id)) or LinkFacts())) for row in rows]
    return tuple(teller.cause(list(group)) for _, group in groupby(told, key=lambda pair: _key(pair[0])))


def facts_for(rows: Sequence[Any]) -> RemedyFacts:
    """Read what the ways out of these errors need to know, in one query."""
    names, numbers = needs_of(rows)
    return read_remedy_facts(errors=rows, names=names, numbers=numbers)


class _Teller:
    """Tells errors in words."""

    def __init__(
        self, addresses: Addresses, waiting: Mapping[int, Sequence[tuple[int, str]]], facts: RemedyFacts | None
    ) -> None:
        self.addresses, self.waiting, self.facts = addresses, waiting, facts

    def problem(self, row: Any, link: LinkFacts) -> Problem:
        """One error."""
        bills = self.waiting.get(row.clio_id, ()) if row.kind == Link.Kind.CONTACT else ()
        of_payment = row.kind == Link.Kind.PAYMENT
        shown_as, xero_id = (Link.Kind.INVOICE, link.invoice_id) if of_payment else (row.kind, link.xero_id)
        return Problem(
            id=row.pk,
            name=words.name_of(row, link),
            page=words.record_page(kind=row.kind, clio_id=row.clio_id, bill_id=link.bill_id),
            is_of_firm=row.clio_id is None,
            message=sentence(row.message),
            remedy=row.remedy,
            xero_messages=tuple(str(message) for message in row.xero_messages),
            clio_url=self.addresses.in_clio(kind=row.kind, clio_id=row.clio_id, bill_id=link.bill_id),
            clio_id=row.clio_id,
            xero_url=self.addresses.in_xero(kind=shown_as, xero_id=xero_id),
            first_seen_at=row.first_seen_at,
            last_seen_at=row.last_seen_at,
            times=row.times,
            waiting=tuple(_waiting_bill(*bill) for bill in bills[:_WAITING_SHOWN]),
            waiting_words=words.waiting_words(len(bills)),
            ignored_reason=row.ignored_reason,
            ignored_by=str(row.ignored_by or ""),
            decided=link.decided if row.state == SyncError.State.OPEN else "",
            decided_by=link.decided_by,
            figures=words.figures(row),
            ways=ways_of(row=row, link=link, facts=self.facts) if self.facts else Ways(steps=steps_of(row.remedy)),
        )

    def cause(self, told: Sequence[tuple[Any, Problem]]) -> Cause:
        """All errors of one cause that were read."""
        rows, problems = [row for row, _ in told], tuple(problem for _, problem in told)
        first = rows[0]
        way = setting_way(cause=first.cause, field=first.field, facts=self.facts) if self.facts else None
        return Cause(
            id=first.pk,
            key=digest_of([first.state, first.code, first.cause])[:12],
            title=words.title([problem.message for problem in problems], first.of_cause),
            remedy=words.same([row.remedy for row in rows]) or "",
            told=words.same([steps_of(row.remedy) for row in rows]) or (),
            steps=_steps(problems, way),
            xero_messages=words.same([problem.xero_messages for problem in problems]) or (),
            settings_page=words.settings_page(first.field or (way.fields[0] if way else "")),
            setting_way=way,
            count=first.of_cause,
            count_words=words.records(first.of_cause),
            first_seen_at=first.first_of_cause,
            last_seen_at=first.last_of_cause,
            problems=problems,
            more=first.of_cause - len(problems),
            code=first.code,
            is_of_firm=first.clio_id is None,
            is_ignored=first.state == SyncError.State.IGNORED,
        )


def _steps(problems: Sequence[Problem], way: SettingWay | None) -> tuple[str, ...]:
    """What is left to do by hand where that is the same for all; "Choose…" is left out where it can be done here."""
    steps = words.same([problem.ways.steps for problem in problems]) or ()
    return tuple(step for step in steps if not (way and step.startswith("Choose")))


def _waiting_bill(clio_id: int, number: str) -> WaitingBill:
    return WaitingBill(number or str(clio_id), reverse("bill_record", args=[clio_id]))
