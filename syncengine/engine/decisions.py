"""What people decide about one record: written down at once, taken up by the run that has the firm's lease.

A run holds links in memory while it plans and sends, and saves them whole. A click that changed a link in that time
would be lost. So a click only writes down what was decided, by compare-and-swap, in a column that no run saves; and
the next slice, which alone may change the firm's links (DESIGN §4.7), makes it part of the link before it plans.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from django.db import IntegrityError, transaction

from accounts.models import User
from syncengine.domain.documents import LinkedLine
from syncengine.domain.mapping.contact_forms import contact_number
from syncengine.domain.mapping.keeping import recoded
from syncengine.engine.slice import Slice
from syncengine.models import Link, RecordEvent, Snapshot, SyncError

#: Snapshots that stand for the records of a kind of link.
SNAPSHOT_OF: Final[Mapping[str, str]] = {
    Link.Kind.CONTACT: Snapshot.Kind.CONTACT,
    Link.Kind.INVOICE: Snapshot.Kind.BILL,
}
_SHARED: Final = "shared_with"
_ASKED_AGAIN: Final[Mapping[str, Any]] = {"planned_under": "", "retry_at": None, "attempts": 0}
#: A link that is tied to nothing: what was applied before does not count for what comes.
_FORGOTTEN: Final[Mapping[str, Any]] = {
    **_ASKED_AGAIN,
    "xero_id": None,
    "xero_status": "",
    "xero_amount_minor": None,
    "record_digest": "",
    "document_digest": "",
    "lines": {},
    "state": Link.State.WAITING,
    "reason": "",
    "notice": "",
}


class Act(StrEnum):
    """What can be decided about a record."""

    LINK_CONTACT = "link_contact"
    NEW_CONTACT = "new_contact"
    ADOPT_INVOICE = "adopt_invoice"
    RENUMBER = "renumber"
    RESYNC = "resync"
    IGNORE = "ignore"
    CHOOSE = "choose"


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision. `seen` is the document that the link named then: if it names another one, it no longer applies."""

    act: Act
    by: str
    words: str
    seen: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, link: Link) -> "Decision | None":
        """What was decided about a link and is not taken up yet."""
        plain = link.decided
        return cls(Act(plain["act"]), plain["by"], plain["words"], plain["seen"], plain["values"]) if plain else None


class AlreadyDecidedError(Exception):
    """Somebody decided about this record a moment ago, and no run has taken it up yet; the text says what."""


def decide(*, link: Link, act: Act, user: User, words: str, now: datetime, **values: Any) -> None:
    """Write down what a person decided about a record, with its history, and have it planned again.

    `words` say it as its history tells it; `values` are what the act needs, as plain JSON.

    Raises:
        AlreadyDecidedError: another decision waits; nothing was changed.
    """
    decision = Decision(act, str(user), words, link.xero_id or "", values)
    with transaction.atomic():
        if not Link.objects.filter(pk=link.pk, decided={}).update(decided=asdict(decision)):
            link.refresh_from_db(fields=["decided"])
            raise AlreadyDecidedError(str(link.decided.get("words", "")))
        tell_asked(kind=link.kind, clio_id=link.clio_id, user=user, words=words, now=now)
        plan_again(kind=link.kind, clio_ids=[link.clio_id])


def tell_asked(*, kind: str, clio_id: int, user: User, words: str, now: datetime, **details: Any) -> None:
    """Write into a record's history what a person asked for."""
    event = RecordEvent.Event.ASKED
    RecordEvent.objects.create(
        kind=kind, clio_id=clio_id, at=now, event=event, words=words, details={"by": str(user), **details}
    )


def plan_again(*, kind: str, clio_ids: Any) -> None:
    """Forget under what these records were refused, and mark them as to be planned; `clio_ids` may be a query."""
    links = Link.objects.filter(kind=kind, clio_id__in=clio_ids)
    links.update(retry_at=None, planned_under="")
    snapshot = SNAPSHOT_OF.get(kind)
    if snapshot:
        # A bill's money hangs on what becomes of its invoice.
        money = {"money_dirty": True} if kind == Link.Kind.INVOICE else {}
        Snapshot.objects.filter(kind=snapshot, clio_id__in=clio_ids).update(dirty=True, **money)
    else:
        bills = Snapshot.objects.filter(
            kind=Snapshot.Kind.BILL, clio_id__in=links.exclude(bill_id=None).values("bill_id")
        )
        bills.update(money_dirty=True)
        if kind == Link.Kind.INTEREST:
            bills.update(dirty=True)


def leave_alone(*, kind: str, clio_ids: Any) -> None:
    """Take ignored records out of planning: only a change in Clio, or a person, brings them back."""
    snapshot = SNAPSHOT_OF.get(kind)
    if snapshot:
        Snapshot.objects.filter(kind=snapshot, clio_id__in=clio_ids).update(dirty=False)


def ignored_columns(link: Link) -> dict[str, Any]:
    """What an ignored link has in its columns. `planned_under` is never empty: that would mean that Clio changed it."""
    return {"state": Link.State.IGNORED, "retry_at": None, "planned_under": link.planned_under or "ignored"}


def shared_with(link: Link) -> int | None:
    """The client whose Xero contact this client shares by a person's word; it sends no fields (BEHAVIOUR §4)."""
    other: int | None = link.base.get(_SHARED)
    return other


def mark_of_sharing(link: Link) -> dict[str, int]:
    """What a link's `base` keeps, and nothing else, while it shares another client's contact; empty otherwise."""
    other = shared_with(link)
    return {} if other is None else {_SHARED: other}


# Taking up ------------------------------------------------------------------------------------------------------------


def take_up(*, work: Slice) -> None:
    """Make what people decided part of the links. Called once a slice, after what was unclear is settled."""
    if work.dry_run or not work.setup.has_decisions:
        return
    for link in list(Link.objects.exclude(decided={}).order_by("pk")):
        decision = Decision.of(link)
        if decision is None:
            continue
        try:
            with transaction.atomic():
                _take_up(work, link, decision)
        except IntegrityError:
            # Another record took the document in the meantime.
            _drop(work, link)
    work.write_story()


def _take_up(work: Slice, link: Link, decision: Decision) -> None:
    changes = _CHANGES[decision.act](link, decision) if decision.seen == (link.xero_id or "") else None
    if changes is None:
        _drop(work, link)
        return
    if not Link.objects.filter(pk=link.pk, decided=link.decided).update(decided={}, **changes):
        return  # somebody ignored the record meanwhile: that is looked at in the next slice
    if decision.act is Act.IGNORE:
        if changes:
            leave_alone(kind=link.kind, clio_ids=[link.clio_id])
    else:
        plan_again(kind=link.kind, clio_ids=[link.clio_id])


def _drop(work: Slice, link: Link) -> None:
    Link.objects.filter(pk=link.pk, decided=link.decided).update(decided={})
    asked = link.decided.get("words", "")
    words = f"Not done, since the record changed in the meantime. What was asked for: {asked}"
    work.tell(link.kind, link.clio_id, RecordEvent.Event.NOTICE, words)


def _link_contact(link: Link, decision: Decision) -> dict[str, Any]:
    other = decision.values.get(_SHARED)
    return {
        **_FORGOTTEN,
        "xero_id": decision.values["contact_id"],
        "generation": decision.values["generation"],
        "natural_key": contact_number(link.clio_id, generation=decision.values["generation"]),
        "base": {_SHARED: other} if other is not None else {},
        "reason": "Linked by a person; the next run settles the rest.",
    }


def _new_contact(link: Link, _decision: Decision) -> dict[str, Any]:
    return {
        **_FORGOTTEN,
        "generation": link.generation + 1,
        "natural_key": "",
        "base": {},
        "reason": "To be made anew in Xero.",
    }


def _adopt_invoice(link: Link, decision: Decision) -> dict[str, Any] | None:
    values = decision.values
    if Link.objects.filter(kind=link.kind, xero_id=values["invoice_id"]).exclude(pk=link.pk).exists():
        return None
    return {
        **_FORGOTTEN,
        "xero_id": values["invoice_id"],
        "natural_key": values["number"],
        "xero_status": values["status"],
        "xero_amount_minor": values["amount_minor"],
        "base": {},
        # Its lines stay as they are until the bill changes: what Clio says now counts as sent.
        "record_digest": values["record_digest"],
        "state": Link.State.IN_STEP,
        "notice": values["notice"],
    }


def _renumber(link: Link, decision: Decision) -> dict[str, Any]:
    number = decision.values["number"]
    return {
        **_FORGOTTEN,
        "generation": link.generation + 1,
        "natural_key": number,
        "base": {},
        "notice": decision.values["notice"],
        "reason": f"To be sent as {number}.",
    }


def _resync(link: Link, _decision: Decision) -> dict[str, Any]:
    marked = recoded({key: LinkedLine(*line) for key, line in link.lines.items()})
    return {
        **_ASKED_AGAIN,
        "record_digest": "",
        "document_digest": "",
        "lines": {key: [line.line_item_id, line.record_digest, line.coding] for key, line in marked.items()},
        "state": Link.State.WAITING,
        "reason": "To be sent again with the present settings.",
    }


def _ignore(link: Link, _decision: Decision) -> dict[str, Any]:
    """Once more, since a run that was at work may have saved over it; unless it was undone meanwhile."""
    ignored = SyncError.objects.filter(kind=link.kind, clio_id=link.clio_id, state=SyncError.State.IGNORED).exists()
    return ignored_columns(link) if ignored else {}


def _choose(link: Link, decision: Decision) -> dict[str, Any]:
    """What was chosen about a payment or a credit; the plan of its bill's money takes it up (§6, §7)."""
    value = decision.values["value"]
    match decision.values["of"]:
        case "payment_deleted_again":
            return {**_ASKED_AGAIN, "restorations": 0}
        case "credit_taken_off":
            return {**_ASKED_AGAIN, "base": {**link.base, value: True}}
        case _:
            return {**_ASKED_AGAIN, "base": {**link.base, "chosen": value}}


_CHANGES: Final[Mapping[Act, Callable[[Link, Decision], dict[str, Any] | None]]] = {
    Act.LINK_CONTACT: _link_contact,
    Act.NEW_CONTACT: _new_contact,
    Act.ADOPT_INVOICE: _adopt_invoice,
    Act.RENUMBER: _renumber,
    Act.RESYNC: _resync,
    Act.IGNORE: _ignore,
    Act.CHOOSE: _choose,
}
