"""Problems that leave a choice to a person: which of several documents in Xero is ours, or none of them.

An error offers it in its `details` (domain.ways.choices_of). What follows from a choice is registered by whoever raises
that error; the empty value stands for none of these.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, Protocol

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import tell
from accounts.models import Firm, User
from syncengine.domain.ways import choices_of
from syncengine.engine.decisions import plan_again, tell_asked
from syncengine.engine.remedy.common import RemedyError, deciding, done, open_error
from syncengine.models import SyncError

NONE_OF_THESE: Final = ""


class Chooser(Protocol):
    """Makes a choice part of the firm's rows, by compare-and-swap, inside the transaction that is open.

    `error` is the open error, locked; `value` one of its choices, or "" for none of these. It raises RemedyError where
    the choice does not hold any more. That the record is planned again, its history, the audit and the run that is
    asked for are seen to by `choose`.
    """

    def __call__(self, *, firm: Firm, user: User, error: SyncError, value: str, now: datetime) -> None:
        """Do it."""
        ...


_choosers: dict[str, Chooser] = {}


def register(action: str, chooser: Chooser) -> None:
    """Say what follows from a choice: `action` is the error's `choice_action`, or its code where it has none."""
    _choosers[action] = chooser


def choose(*, firm: Firm, user: User, error_id: int, value: str, now: datetime) -> str:
    """Do what a person chose on an error; gives the words of the choice.

    Raises:
        RemedyError: the problem is over, the value is none of its choices, or nothing is known to follow from it.
    """
    with deciding(), transaction.atomic():
        error = SyncError.objects.select_for_update().get(pk=open_error(error_id).pk)
        if error.state != SyncError.State.OPEN:
            raise RemedyError(_("This problem was closed or ignored in the meantime, so nothing was changed."))
        choices = choices_of(code=error.code, details=error.details)
        chooser = _choosers.get(choices.action) if choices else None
        if choices is None or chooser is None:
            raise RemedyError(_("Nothing can be chosen about this problem."))
        label = choices.label_of(value)
        if label is None:
            raise RemedyError(_("Choose one of those listed; they may have changed since you opened the page."))
        chooser(firm=firm, user=user, error=error, value=value, now=now)
        if error.clio_id is not None:
            words = _("Chosen: %(label)s") % {"label": label}
            tell_asked(kind=error.kind, clio_id=error.clio_id, user=user, words=words, now=now)
            plan_again(kind=error.kind, clio_ids=[error.clio_id])
    detail = {"kind": error.kind, "clio_id": error.clio_id, "code": error.code, "none": value == NONE_OF_THESE}
    done(firm=firm, user=user, action="choice_made", detail=detail, now=now)
    return label


def _told(detail: Mapping[str, Any]) -> str:
    record = {"kind": detail.get("kind"), "id": detail.get("clio_id")}
    if detail.get("none"):
        return _("For %(kind)s %(id)s, none of the documents offered in Xero was chosen.") % record
    return _("For %(kind)s %(id)s, one of the documents offered in Xero was chosen.") % record


tell("choice_made", _told)
