"""What an admin decides about a plan that removes unusually much (BEHAVIOUR §9, the brake)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import record_event, tell
from accounts.models import Firm, User
from syncengine.engine import record as book
from syncengine.engine.brake import KIND
from syncengine.engine.schedule import ask_for_run
from syncengine.models import Link, RecordEvent, Review, Snapshot

_KEPT = "Kept in Xero, as an admin decided; looked at again when it changes in Clio."


class ReviewChangedError(Exception):
    """The list was decided about or changed since it was shown; nothing was done."""


def decide(*, firm: Firm, user: User, go_ahead: bool, mark: str, now: datetime) -> int:
    """Let the removals be made, or keep the documents; a run starts at once. Answers how many it was about.

    What is kept is left alone until it changes in Clio.

    Raises:
        ReviewChangedError: nothing is to be decided any more, or the list is another one by now.
    """
    with transaction.atomic():
        review = Review.objects.select_for_update().filter(state=Review.State.OPEN).first()
        if review is None or review.mark != mark:
            raise ReviewChangedError
        review.state = Review.State.APPROVED if go_ahead else Review.State.KEPT
        review.decided_at, review.decided_by = now, user
        review.save(update_fields=["state", "decided_at", "decided_by"])
        if not go_ahead:
            _keep(review, now)
        book.close_errors(kind=KIND, clio_ids=[None], now=now)
        detail = {"count": len(review.items), "items": review.items[:200]}
        record_event(firm=firm, actor=user, action="removals_approved" if go_ahead else "removals_kept", detail=detail)
    ask_for_run(firm=firm, now=now)
    return len(review.items)


def _keep(review: Review, now: datetime) -> None:
    for kind in {kind for kind, _id in review.items}:
        ids = [clio_id for of_kind, clio_id in review.items if of_kind == kind]
        links = Link.objects.filter(kind=kind, clio_id__in=ids)
        links.update(state=Link.State.IGNORED, reason=_KEPT, planned_under="kept", retry_at=None)
        if kind == Link.Kind.INVOICE:
            # Other money on the bills of kept payments may still have to be sent, so those stay as they are marked.
            Snapshot.objects.filter(kind=Snapshot.Kind.BILL, clio_id__in=ids).update(dirty=False)
        RecordEvent.objects.bulk_create(
            RecordEvent(kind=kind, clio_id=clio_id, at=now, event=RecordEvent.Event.IGNORED, words=_KEPT)
            for clio_id in ids
        )


tell(
    "removals_approved",
    lambda detail: (
        _("%(count)s documents were allowed to be voided or removed in Xero.") % {"count": detail.get("count")}
    ),
)
tell(
    "removals_kept",
    lambda detail: _("%(count)s documents were kept in Xero.") % {"count": detail.get("count")},
)
