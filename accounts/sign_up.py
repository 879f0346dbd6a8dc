"""Signing a firm up: what was asked is kept until the person's address is proven, then the firm is made."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.utils import timezone

from accounts.models import Firm, Region, SignUp, User
from accounts.provisioning import checked_name, open_firm_for
from accounts.unproven import forget, forget_old, unproven_login


@dataclass(frozen=True, slots=True)
class Answers:
    """What the sign-up page asks about a firm. `plan` and `region` are values of Plan and Region."""

    firm_name: str
    plan: str
    region: str


def is_open() -> bool:
    """Whether people make firms themselves (SIGN_UP), or the operator does."""
    return bool(settings.SIGN_UP)


def may_add_firm(user: User | AnonymousUser) -> bool:
    """Whether somebody may sign another firm up. Support people belong to no firm (BEHAVIOUR §1)."""
    return is_open() and isinstance(user, User) and not user.is_support


def served_regions() -> tuple[Region, ...]:
    """The Clio regions for which this installation has an application at Clio; every one where none is set up yet."""
    served = tuple(region for region in Region if settings.CLIO_APPS[region.value].client_id)
    return served or tuple(Region)


def begun_login(email: str, *, name: str, password: str, answers: Answers) -> User | None:
    """The unproven login that this very form made a moment ago: a second click goes on with it.

    Whatever else was signed up with the address and never proven is forgotten, and None answered: the new form is then
    the only one that can be finished, so nobody finishes a form under a password that somebody else chose.
    """
    forget_old(now=timezone.now())
    user = unproven_login(email)
    if user is None:
        return None
    kept = user.sign_up
    same = (user.name, kept.firm_name, kept.plan, kept.region) == (name, *_values(answers))
    if same and user.check_password(password):
        return user
    forget(user)
    return None


def keep_answers(*, user: User, answers: Answers) -> None:
    """Keep what was asked until the address of `user`, a login just made, is proven."""
    SignUp.objects.create(user=user, firm_name=answers.firm_name, plan=answers.plan, region=answers.region)


@transaction.atomic
def finish_sign_up(*, user: User) -> Firm | None:
    """Make the firm that `user`, whose address is proven now, signed up. None where nothing waits. Makes it once."""
    waiting = SignUp.objects.select_for_update().filter(user=user).first()
    if waiting is None:
        return None
    firm = open_firm_for(user=user, name=waiting.firm_name, plan=waiting.plan, region=waiting.region)
    waiting.delete()
    return firm


@transaction.atomic
def add_firm(*, user: User, answers: Answers) -> tuple[Firm, bool]:
    """Make another firm for somebody who is logged in; gives the firm, and whether it is new.

    Where they are in a firm of this name already, it is that one: a second click makes no second firm, and two firms
    of one name could not be told apart in the switch. Raises ProvisioningError.
    """
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    name = checked_name(answers.firm_name)
    known = Firm.objects.filter(memberships__user=user, name__iexact=name).first()
    if known is not None:
        return known, False
    return open_firm_for(user=user, name=name, plan=answers.plan, region=answers.region), True


def _values(answers: Answers) -> tuple[str, str, str]:
    return answers.firm_name, answers.plan, answers.region
