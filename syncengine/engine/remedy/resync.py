"""Resync: a sent bill is planned and sent again although nothing changed, its lines coded by the present rules (§5)."""

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.audit import tell
from accounts.models import Firm, User
from syncengine.engine.decisions import Act, decide
from syncengine.engine.remedy.common import RemedyError, deciding, done, link_of
from syncengine.models import Link


def resync_bill(*, firm: Firm, user: User, clio_id: int, now: datetime) -> None:
    """Have a sent bill planned again by the present rules; its lines keep their ids and tracking in Xero.

    Raises:
        RemedyError: the bill has no invoice in Xero, is ignored, or something else was decided about it just now.
    """
    link = link_of(kind=Link.Kind.INVOICE, clio_id=clio_id)
    if not link.xero_id:
        raise RemedyError(_("This bill has no invoice in Xero yet, so there is nothing to send again."))
    if link.state == Link.State.IGNORED:
        raise RemedyError(_("This bill is ignored. Undo that first; it is then tried again."))
    with deciding():
        decide(
            link=link,
            act=Act.RESYNC,
            user=user,
            words=_("Resync: send the invoice again with the present settings."),
            now=now,
        )
    done(firm=firm, user=user, action="bill_resynced", detail={"clio_id": clio_id}, now=now)


tell("bill_resynced", lambda detail: _("A resync of bill %(id)s was asked for.") % {"id": detail.get("clio_id")})
