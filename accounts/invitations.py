"""Inviting people into a firm by e-mail (docs/decisions/0008).

The link's token is `<firm's id>-<secret>`. The secret is 256 bits of chance, and only its digest is kept. The firm's
id is no secret and proves nothing: it says which firm's scope to open, and inside that scope the secret is looked for.
So the one page that is reached by somebody who is in no firm yet needs no look over all firms' rows.
"""

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import record_event
from accounts.models import AuditEvent, Firm, Invitation, Membership, Role, User
from accounts.people import lock_people, require_admin

#: How long a link can be used.
LIFETIME = timedelta(days=7)
#: A firm's mails in a day, so that nobody uses it to write to strangers.
MAILS_A_DAY = 100
#: How long to wait before the same invitation is mailed again.
PAUSE = timedelta(minutes=1)
_TOKEN = re.compile(r"([0-9]{1,18})-([A-Za-z0-9_-]{43})")


class InvitationError(Exception):
    """An invitation cannot be made, sent or taken back; `field` names what is wrong, if it is one thing."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class Standing(StrEnum):
    """What has become of an invitation."""

    OPEN = "open"
    EXPIRED = "expired"
    ACCEPTED = "accepted"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Issued:
    """An invitation with the token of its link, which exists nowhere else: mail it, then forget it."""

    invitation: Invitation
    token: str


def standing(invitation: Invitation, *, now: datetime) -> Standing:
    """How an invitation stands at `now`."""
    if invitation.state == Invitation.State.OPEN and invitation.expires_at <= now:
        return Standing.EXPIRED
    return Standing(invitation.state)


@transaction.atomic
def invite(*, firm: Firm, actor: User, email: str, role: Role, now: datetime) -> Issued:
    """Ask the person with this address into the firm. Raises InvitationError, NoLongerAdmin.

    Call inside the firm's scope. An invitation to the same address that ran out is taken up again.
    """
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError as problem:
        words = _("Write a whole e-mail address, like name@example.com.")
        raise InvitationError(words, field="email") from problem
    lock_people(firm)
    require_admin(firm=firm, actor=actor)
    member = Membership.objects.filter(firm=firm, user__email=email).first()
    if member is not None:
        words = _("%(email)s is in the firm already, as %(role)s.")
        raise InvitationError(words % {"email": email, "role": member.get_role_display()}, field="email")
    row = Invitation.objects.filter(email=email, state=Invitation.State.OPEN).first()
    if row is not None and row.expires_at > now:
        words = _("%(email)s is invited already, as %(role)s. Send that invitation again, or take it back first.")
        raise InvitationError(words % {"email": email, "role": row.get_role_display()}, field="email")
    _keep_to_the_days_mails(now)
    row = row or Invitation(email=email, created_at=now)
    issued = _issue(row, actor=actor, role=role, now=now)
    record_event(firm=firm, actor=actor, action="member_invited", detail={"email": email, "role": role.value})
    return issued


@transaction.atomic
def send_again(*, firm: Firm, actor: User, invitation_id: int, now: datetime) -> Issued:
    """Make a new link, good for another seven days; the old one stops. Raises InvitationError, NoLongerAdmin."""
    lock_people(firm)
    require_admin(firm=firm, actor=actor)
    row = _open_row(invitation_id)
    if row.sent_at and row.sent_at > now - PAUSE:
        raise InvitationError(
            _("The invitation to %(email)s went out less than a minute ago. Wait a little, then send it again.")
            % {"email": row.email}
        )
    _keep_to_the_days_mails(now)
    issued = _issue(row, actor=actor, role=Role(row.role), now=now)
    record_event(firm=firm, actor=actor, action="invitation_renewed", detail={"email": row.email, "role": row.role})
    return issued


@transaction.atomic
def revoke(*, firm: Firm, actor: User, invitation_id: int) -> Invitation:
    """Take an invitation back: its link stops. Raises InvitationError, NoLongerAdmin."""
    lock_people(firm)
    require_admin(firm=firm, actor=actor)
    row = _open_row(invitation_id)
    row.state = Invitation.State.REVOKED
    row.save(update_fields=["state"])
    record_event(firm=firm, actor=actor, action="invitation_revoked", detail={"email": row.email, "role": row.role})
    return row


def mark_sent(invitation: Invitation, *, now: datetime) -> None:
    """Note that the mail server took the mail."""
    Invitation.objects.filter(pk=invitation.pk, secret_digest=invitation.secret_digest).update(sent_at=now)


def firm_of_token(token: str) -> Firm | None:
    """The firm whose scope to open to look for this token; None for what is no token, or names no firm.

    Says nothing about whether the token is good: `find` does, inside that scope.
    """
    parts = _TOKEN.fullmatch(token)
    return Firm.objects.filter(pk=int(parts[1])).first() if parts else None


def find(token: str) -> Invitation | None:
    """The invitation with this token's secret, in the firm whose scope is open; None where a newer link replaced it."""
    parts = _TOKEN.fullmatch(token)
    rows = Invitation.objects.select_related("invited_by")
    return rows.filter(secret_digest=_digest(parts[2])).first() if parts else None


def new_token(firm_id: int) -> tuple[str, str]:
    """A token for a link, and the digest of its secret, which is what is kept."""
    secret = secrets.token_urlsafe(32)
    return f"{firm_id}-{secret}", _digest(secret)


def _issue(row: Invitation, *, actor: User, role: Role, now: datetime) -> Issued:
    row.claim_firm()
    token, row.secret_digest = new_token(row.firm_id)
    row.role, row.invited_by, row.sent_at, row.expires_at = role.value, actor, None, now + LIFETIME
    row.save()
    return Issued(invitation=row, token=token)


def _open_row(invitation_id: int) -> Invitation:
    row = Invitation.objects.filter(pk=invitation_id, state=Invitation.State.OPEN).select_for_update().first()
    if row is None:
        raise InvitationError(_("This invitation is not open any more: it was accepted or taken back."))
    return row


def _keep_to_the_days_mails(now: datetime) -> None:
    mailed = AuditEvent.objects.filter(
        action__in=("member_invited", "invitation_renewed"), at__gt=now - timedelta(days=1)
    ).count()
    if mailed >= MAILS_A_DAY:
        raise InvitationError(
            _("%(count)s invitations went out within a day, which is the most. Go on tomorrow.") % {"count": mailed}
        )


def _digest(secret: str) -> str:
    """SHA-256 is enough: nobody can guess 256 bits of chance, so the digest need not be slow."""
    return hashlib.sha256(secret.encode()).hexdigest()
