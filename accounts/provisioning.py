"""Makes firms and adds people to them. Used by the commands, and by sign-up and invitations."""

import re

from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.audit import record_event
from accounts.models import DateFormat, Firm, Membership, Plan, Region, Role, User
from accounts.unproven import forget, unproven_login

# Where most firms of a region are, and how they write a date. The firm may choose otherwise.
_HABITS: dict[str, tuple[str, DateFormat]] = {
    Region.US: ("America/New_York", DateFormat.MDY),
    Region.CA: ("America/Toronto", DateFormat.ISO),
    Region.EU: ("Europe/London", DateFormat.DMY),
    Region.AU: ("Australia/Sydney", DateFormat.DMY),
}
_CONTROL_CHARACTERS = re.compile(r"[\x00-\x1f\x7f]")


class ProvisioningError(ValueError):
    """Something given cannot be used; `field` names it and the message says the way out."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field
        self.message = message


def has_login(email: str) -> bool:
    """Whether a person with this address exists; their password is then left alone by the functions below."""
    return User.objects.filter(email=email).exists() and unproven_login(email) is None


def login_of(email: str) -> User | None:
    """The person who logs in with this address, or who proved it as a further one of theirs; no unproven login."""
    email = email.strip().lower()
    if unproven_login(email) is not None:
        return None
    known = User.objects.filter(email=email).first()
    if known is None:
        proven = EmailAddress.objects.select_related("user").filter(email=email, verified=True).first()
        known = proven.user if proven else None
    return known


@transaction.atomic
def create_firm(*, name: str, admin_email: str, password: str, plan: str, region: str) -> Firm:
    """Make a firm with its first admin, who can log in at once. The slug is made from the name.

    A person who exists already becomes the admin of this firm too and keeps their password.
    `plan` and `region` are values of Plan and Region. Raises ProvisioningError; then nothing is saved.
    """
    firm = _make_firm(name=name, plan=plan, region=region, actor=None)
    add_member(firm=firm, email=admin_email, password=password, role=Role.ADMIN)
    return firm


@transaction.atomic
def open_firm_for(*, user: User, name: str, plan: str, region: str) -> Firm:
    """Make a firm of which `user`, whose address is proven, is the first admin.

    `plan` and `region` are values of Plan and Region. Raises ProvisioningError; then nothing is saved.
    """
    firm = _make_firm(name=name, plan=plan, region=region, actor=user)
    Membership.objects.create(user=user, firm=firm, role=Role.ADMIN)
    detail = {"email": user.email, "role": Role.ADMIN.value}
    record_event(firm=firm, actor=user, action="member_added", detail=detail)
    return firm


@transaction.atomic
def add_member(*, firm: Firm, email: str, password: str, role: str, actor: User | None = None) -> Membership:
    """Let a person into a firm. Someone who exists already keeps their password.

    `role` is a value of Role. Raises ProvisioningError, also for someone in the firm already; then nothing is saved.
    """
    if role not in Role.values:
        raise ProvisioningError("role", _("choose one of %(roles)s.") % {"roles": ", ".join(Role.values)})
    user = _user(email=email, password=password)
    membership, created = Membership.objects.get_or_create(user=user, firm=firm, defaults={"role": role})
    if not created:
        raise ProvisioningError(
            "email",
            _("this person is in the firm already, as %(role)s.") % {"role": membership.get_role_display()},
        )
    record_event(firm=firm, actor=actor, action="member_added", detail={"email": user.email, "role": role})
    return membership


def checked_name(name: str) -> str:
    """A firm's name, white space folded. Raises ProvisioningError where it is empty, too long or unprintable."""
    name = " ".join(name.split())
    if not name:
        raise ProvisioningError("name", _("write the firm's name; it is empty."))
    if len(name) > 200:
        raise ProvisioningError("name", _("the firm's name is longer than 200 characters; shorten it."))
    if _CONTROL_CHARACTERS.search(name):
        raise ProvisioningError("name", _("the firm's name holds characters that cannot be printed; remove them."))
    return name


@transaction.atomic
def make_login(*, email: str, password: str, name: str = "") -> User:
    """Make a login whose address is proven: the operator vouches for it, or its owner followed a link from a mail."""
    user = User.objects.create_user(email, password, name=name)
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    return user


def _make_firm(*, name: str, plan: str, region: str, actor: User | None) -> Firm:
    name = checked_name(name)
    if plan not in Plan.values:
        raise ProvisioningError("plan", _("choose one of %(plans)s.") % {"plans": ", ".join(Plan.values)})
    if region not in Region.values:
        raise ProvisioningError("region", _("choose one of %(regions)s.") % {"regions": ", ".join(Region.values)})
    time_zone, date_format = _HABITS[region]
    firm = _with_free_slug(
        Firm(name=name, plan=plan, region=region, time_zone=time_zone, date_format=date_format),
        slugify(name)[:70] or "firm",
    )
    record_event(firm=firm, actor=actor, action="firm_created", detail={"plan": plan, "region": region})
    return firm


def _with_free_slug(firm: Firm, stem: str) -> Firm:
    """Save the firm under `stem`, or `stem-2`, `stem-3` and so on where that is taken, also at this moment."""
    taken = set(Firm.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    number = 1
    while True:
        firm.slug = stem if number == 1 else f"{stem}-{number}"
        if firm.slug not in taken:
            try:
                with transaction.atomic():
                    firm.save(force_insert=True)
            except IntegrityError:
                taken.add(firm.slug)  # somebody was faster
                if not Firm.objects.filter(slug=firm.slug).exists():
                    raise
            else:
                return firm
        number += 1


def _user(*, email: str, password: str) -> User:
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError as problem:
        raise ProvisioningError("email", _("write a valid e-mail address, like name@example.com.")) from problem
    unproven = unproven_login(email)
    if unproven is not None:
        forget(unproven)  # somebody typed this address into the sign-up page, no more
    known = login_of(email)
    try:
        validate_password(password, known or User(email=email))
    except ValidationError as problem:
        raise ProvisioningError("password", " ".join(problem.messages)) from problem
    if known is not None:
        if not known.is_active:
            raise ProvisioningError("email", _("this person's login is switched off; the operator can switch it on."))
        return known
    return make_login(email=email, password=password)
