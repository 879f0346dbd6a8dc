"""Logins that somebody signed up and whose address nobody has proven yet (docs/decisions/0007).

They cannot get in, belong to no firm and have done nothing, so they give way: whoever proves the address by an
invitation, or signs it up anew, or is vouched for by the operator, gets a fresh login in their place.
"""

from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import SignUp, User

#: How long a sign-up waits for its code before it is forgotten; a person can ask for new codes until then.
KEPT = timedelta(days=7)


def unproven_login(email: str) -> User | None:
    """The login that was signed up with this address and never proven; None where there is none, or a proven one."""
    return _unproven().filter(email=email).select_related("sign_up").first()


@transaction.atomic
def forget(user: User) -> None:
    """Delete an unproven login and the sign-up that waits for it. Does nothing where it was proven meanwhile."""
    rows = _unproven().filter(pk=user.pk)
    if rows.select_for_update(of=("self",)).exists():
        _delete([user.pk])


@transaction.atomic
def forget_old(*, now: datetime) -> None:
    """Delete the unproven logins that nobody has proven for a week: other people's addresses are not ours to keep."""
    old = _unproven().filter(sign_up__created_at__lt=now - KEPT)
    _delete(list(old.select_for_update(of=("self",), skip_locked=True).values_list("pk", flat=True)))


def _unproven() -> QuerySet[User]:
    proven = EmailAddress.objects.filter(user=OuterRef("pk"), verified=True)
    return User.objects.filter(~Exists(proven), sign_up__isnull=False, last_login=None)


def _delete(ids: list[int]) -> None:
    """From the three tables that know such a login. Django's own way would look for rows of firms, outside their scope;
    there are none, and the database would refuse it if there were.
    """
    EmailAddress.objects.filter(user__in=ids).delete()
    SignUp.objects.filter(user__in=ids).delete()
    rows = User.objects.filter(pk__in=ids)
    rows._raw_delete(rows.db)
