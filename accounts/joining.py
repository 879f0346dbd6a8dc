"""Coming into a firm by an invitation. Whoever has the link has read the mail, so the link proves the address.

Call inside the scope of the firm that `invitations.firm_of_token` names.
"""

from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.audit import record_event
from accounts.firm_scope import current_firm_id
from accounts.invitations import InvitationError, Standing, find, standing
from accounts.models import Firm, Invitation, Membership, User
from accounts.provisioning import login_of, make_login
from accounts.unproven import forget, unproven_login


def is_for(invitation: Invitation, *, user: User) -> bool:
    """Whether `user` logs in with the invited address, or has proven it as a further one of theirs."""
    if user.email == invitation.email:
        return True
    return bool(EmailAddress.objects.filter(user=user, email=invitation.email, verified=True).exists())


@transaction.atomic
def accept(*, token: str, user: User, now: datetime) -> Membership:
    """Let `user`, who is logged in with the invited address, into the firm. Raises InvitationError.

    Somebody who is in the firm by now keeps the role they have.
    """
    row = _lock_open(token=token, now=now)
    if not is_for(row, user=user):
        raise InvitationError(_("This invitation is for %(email)s.") % {"email": row.email})
    if user.is_support:
        raise InvitationError(_("Support people belong to no firm. Accept it with a login of your own."))
    return _join(row, user)


def accept_as_new(*, token: str, name: str, password: str, now: datetime) -> User:
    """Make a login for the invited address and let it into the firm. Raises InvitationError.

    A sign-up with this address that nobody proved gives way: its password may be somebody else's.
    """
    try:
        with transaction.atomic():
            row = _lock_open(token=token, now=now)
            unproven = unproven_login(row.email)
            if unproven is not None:
                forget(unproven)
            if login_of(row.email) is not None:
                raise InvitationError(_("There is a login with this address already. Log in with it, then accept."))
            user = make_login(email=row.email, password=password, name=name)
            _join(row, user)
    except IntegrityError as problem:
        raise InvitationError(_("Somebody made a login with this address at the same moment. Log in.")) from problem
    return user


def _lock_open(*, token: str, now: datetime) -> Invitation:
    """The open invitation of this token, kept from others to the transaction's end. Raises InvitationError."""
    found = find(token)
    rows = Invitation.objects.select_for_update()
    row = rows.filter(pk=found.pk, secret_digest=found.secret_digest).first() if found else None
    if row is None or standing(row, now=now) is not Standing.OPEN:
        raise InvitationError(_("This invitation was used, taken back or replaced at this moment."))
    return row


def _join(row: Invitation, user: User) -> Membership:
    if not EmailAddress.objects.filter(user=user, email=row.email, verified=True).exists():
        first = not EmailAddress.objects.filter(user=user, primary=True).exists()
        facts = {"verified": True} | ({"primary": True} if first else {})
        EmailAddress.objects.update_or_create(user=user, email=row.email, defaults=facts)
    firm = Firm.objects.get(pk=current_firm_id())
    member, _created = Membership.objects.get_or_create(user=user, firm=firm, defaults={"role": row.role})
    row.state, row.accepted_by = Invitation.State.ACCEPTED, user
    row.save(update_fields=["state", "accepted_by"])
    detail = {"email": row.email, "role": member.role}
    record_event(firm=firm, actor=user, action="invitation_accepted", detail=detail)
    return member
