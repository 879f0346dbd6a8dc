"""The people of a firm: which role somebody has, and leaving.

Whoever is taken out or gets another role has lost the old one at their next request: access is read anew each time.
All changes of one firm's people wait for each other, on the firm's row, so that two admins who take the role from each
other at the same moment do not leave the firm without one.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import record_event
from accounts.models import Firm, Membership, Role, User


class PeopleError(Exception):
    """A change of the firm's people cannot be made; the text says why and the way out."""


class NoSuchMember(PeopleError):  # noqa: N818
    """The person is not in the firm, or not any more."""


class LastAdmin(PeopleError):  # noqa: N818
    """The firm would be left without an admin."""


class NoLongerAdmin(PeopleError):  # noqa: N818
    """Whoever asked for the change was an admin when they opened the page, and is none any more."""


@transaction.atomic
def change_role(*, firm: Firm, actor: User, member_id: int, role: Role) -> Membership:
    """Give the person with this membership another role. Raises NoSuchMember, LastAdmin, NoLongerAdmin."""
    lock_people(firm)
    require_admin(firm=firm, actor=actor)
    member = _member(firm, pk=member_id)
    if member.role == role:
        return member
    _keep_an_admin(firm, without=member)
    old, member.role = member.role, role.value
    member.save(update_fields=["role"])
    detail = {"email": member.user.email, "old": old, "role": role.value}
    record_event(firm=firm, actor=actor, action="member_changed", detail=detail)
    return member


@transaction.atomic
def remove_member(*, firm: Firm, actor: User, member_id: int) -> Membership:
    """Take the person with this membership out of the firm. Raises NoSuchMember, LastAdmin, NoLongerAdmin."""
    lock_people(firm)
    require_admin(firm=firm, actor=actor)
    member = _member(firm, pk=member_id)
    _keep_an_admin(firm, without=member)
    member.delete()
    detail = {"email": member.user.email, "role": member.role}
    record_event(firm=firm, actor=actor, action="member_removed", detail=detail)
    return member


@transaction.atomic
def leave(*, firm: Firm, user: User) -> None:
    """Let somebody leave the firm by themselves. Raises NoSuchMember, LastAdmin."""
    lock_people(firm)
    member = _member(firm, user=user)
    _keep_an_admin(firm, without=member)
    member.delete()
    record_event(firm=firm, actor=user, action="member_left", detail={"email": user.email, "role": member.role})


def is_last_admin(*, firm: Firm, member: Membership) -> bool:
    """Whether the firm would have no admin who can log in, without this one."""
    if member.role != Role.ADMIN:
        return False
    others = Membership.objects.filter(firm=firm, role=Role.ADMIN, user__is_active=True).exclude(pk=member.pk)
    return not others.exists()


def lock_people(firm: Firm) -> None:
    """Wait until no other change of the firm's people is under way; others then wait to the transaction's end."""
    Firm.objects.select_for_update(no_key=True).get(pk=firm.pk)


def require_admin(*, firm: Firm, actor: User) -> None:
    """Raise NoLongerAdmin unless `actor` is an admin now; ask after `lock_people`."""
    if not Membership.objects.filter(firm=firm, user=actor, role=Role.ADMIN).exists():
        raise NoLongerAdmin(_("You are no longer an admin of %(firm)s. Nothing was changed.") % {"firm": firm.name})


def _member(firm: Firm, **which: object) -> Membership:
    member = Membership.objects.select_related("user").filter(firm=firm, **which).first()
    if member is None:
        raise NoSuchMember(_("This person is not in the firm any more. Nothing was changed."))
    return member


def _keep_an_admin(firm: Firm, *, without: Membership) -> None:
    if is_last_admin(firm=firm, member=without):
        raise LastAdmin(
            _("%(who)s is the only admin of %(firm)s, and a firm needs one. Make somebody else an admin first.")
            % {"who": without.user, "firm": firm.name}
        )
