"""Whether a connection works: the last good call, and what happens when the other side ends it (BEHAVIOUR §2)."""

import logging
import smtplib
from datetime import datetime

from django.conf import settings
from django.core.mail import send_mail
from django.utils.translation import gettext as _

from accounts.firm_scope import firm_scope
from accounts.models import Firm, Membership, Role
from syncengine.models import Connection, Service

_State = Connection.State
_logger = logging.getLogger(__name__)


def note_good_call(*, firm: Firm, service: str, now: datetime) -> None:
    """Remember that a call to `service` was answered well at `now` (UTC)."""
    with firm_scope(firm):
        Connection.objects.filter(service=service, state=_State.CONNECTED).update(last_good_call_at=now)


def note_disconnected(*, firm: Firm, service: str, problem: str, now: datetime) -> bool:
    """The other side ended the connection: syncing pauses, the firm's admins get one e-mail.

    `problem` says in words what happened and who must do what. Gives False, and sends nothing, if it was known already.
    """
    with firm_scope(firm):
        broken = Connection.objects.filter(service=service, state=_State.CONNECTED)
        if not broken.update(state=_State.BROKEN, problem=problem):
            return False
        _logger.warning("firm %s lost its connection to %s at %s", firm.pk, service, now.isoformat())
    _tell_admins(firm=firm, service=service, problem=problem)
    return True


def _tell_admins(*, firm: Firm, service: str, problem: str) -> None:
    """One message to all active admins. A mail server that is down must not stop a run, and the page says it too."""
    admins = Membership.objects.filter(firm=firm, role=Role.ADMIN, user__is_active=True)
    recipients = list(admins.order_by("user__email").values_list("user__email", flat=True))
    if not recipients:
        return
    words = {
        "service": Service(service).label,
        "firm": firm.name,
        "problem": problem,
        "page": f"{settings.BASE_URL}/connections/",
    }
    subject = _("ClioXero: %(service)s needs reconnecting for %(firm)s") % words
    text = (
        _(
            "%(firm)s is no longer connected to %(service)s, so syncing pauses. Nothing is lost: it carries on where "
            "it stopped.\n\n%(problem)s\n\nWhat to do: an admin of the firm opens this page and presses Reconnect.\n\n"
            "%(page)s\n"
        )
        % words
    )
    try:
        send_mail(" ".join(subject.split()), text, None, recipients)
    except (smtplib.SMTPException, OSError):
        _logger.exception("the e-mail about the lost connection of firm %s to %s was not sent", firm.pk, service)
