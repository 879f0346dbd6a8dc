"""People, firms, who belongs to which, and what was done."""

from typing import Any, ClassVar

from django.apps import apps
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.fields import LowerCaseEmailField, validate_time_zone
from accounts.firm_scope import TenantModel


class UserManager(BaseUserManager["User"]):
    """Makes users, who log in with an e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A person who can log in. Without a password they first have to ask for one by e-mail."""
        if not email:
            raise ValueError("email: a user needs an e-mail address to log in with.")
        user = self.model(email=email, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """An operator: may use the admin pages of the installation. Whoever makes one vouches for the address."""
        user = self.create_user(email, password, **{**fields, "is_staff": True, "is_superuser": True})
        addresses = apps.get_model("account", "EmailAddress")  # allauth's; its module reads this one
        addresses.objects.create(user=user, email=user.email, primary=True, verified=True)
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """A person. Belongs to firms by memberships; operators and support people may belong to none."""

    email = LowerCaseEmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=150, blank=True)
    is_active = models.BooleanField(_("active"), default=True, help_text=_("Off: this person cannot log in."))
    is_staff = models.BooleanField(_("operator"), default=False, help_text=_("May use the admin pages."))
    is_support = models.BooleanField(_("support"), default=False, help_text=_("May enter a firm to help."))
    date_joined = models.DateTimeField(_("joined"), default=timezone.now, editable=False)
    last_firm = models.ForeignKey(
        "accounts.Firm", on_delete=models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )  # the one that the person switched to last: the next login goes on there

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            CheckConstraint(condition=Q(email=Lower("email")) & ~Q(email=""), name="user_email_lower_case"),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def __repr__(self) -> str:
        return f"<User {self.pk}>"

    def get_full_name(self) -> str:
        """The name to greet with; the address where no name is known."""
        return str(self)


class Plan(models.TextChoices):
    """Clio's plans, as far as they matter here (BEHAVIOUR.md §1)."""

    LEGACY = "legacy", _("Legacy")
    LOYALTY = "loyalty", _("Loyalty")
    BOUTIQUE = "boutique", _("Boutique")
    ELITE = "elite", _("Elite")
    OTHER = "other", _("Other")


class Region(models.TextChoices):
    """Where the firm's Clio account lives."""

    US = "us", _("United States")
    CA = "ca", _("Canada")
    EU = "eu", _("Europe")
    AU = "au", _("Australia")


class DateFormat(models.TextChoices):
    """How pages write a date for the firm."""

    MDY = "mdy", _("11/23/2026 (month first)")
    DMY = "dmy", _("23/11/2026 (day first)")
    ISO = "iso", _("2026-11-23")
    WORDS = "words", _("23 Nov 2026")


class Firm(models.Model):
    """A law firm: one Clio account, one Xero organisation."""

    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(_("short name"), max_length=80, unique=True)
    plan = models.CharField(_("Clio plan"), max_length=10, choices=Plan, default=Plan.OTHER)
    region = models.CharField(_("Clio region"), max_length=2, choices=Region, default=Region.US)
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC", validators=[validate_time_zone])
    date_format = models.CharField(_("dates on pages"), max_length=5, choices=DateFormat, default=DateFormat.ISO)
    created_at = models.DateTimeField(_("since"), default=timezone.now, editable=False)

    class Meta:
        constraints = [
            CheckConstraint(condition=~Q(name=""), name="firm_has_a_name"),
            CheckConstraint(condition=Q(plan__in=Plan.values), name="firm_plan_known"),
            CheckConstraint(condition=Q(region__in=Region.values), name="firm_region_known"),
            CheckConstraint(condition=Q(date_format__in=DateFormat.values), name="firm_date_format_known"),
        ]

    def __str__(self) -> str:
        return self.name

    def __repr__(self) -> str:
        return f"<Firm {self.pk}>"

    @property
    def has_integration(self) -> bool:
        """Whether the firm's plan includes the integration. Without it nothing syncs (BEHAVIOUR.md §1)."""
        return self.plan in (Plan.LEGACY, Plan.LOYALTY, Plan.BOUTIQUE, Plan.ELITE)


class Role(models.TextChoices):
    """What a person may do in a firm (BEHAVIOUR.md §1)."""

    ADMIN = "admin", _("Admin")
    STAFF = "staff", _("Staff")
    VIEWER = "viewer", _("Viewer")


class Membership(models.Model):
    """A person in a firm. Not a tenant row: it is what decides which firm a person may enter."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships", db_index=False)
    firm = models.ForeignKey(Firm, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=10, choices=Role)
    created_at = models.DateTimeField(_("since"), default=timezone.now, editable=False)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["user", "firm"], name="membership_once_per_firm"),
            CheckConstraint(condition=Q(role__in=Role.values), name="membership_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display()}"


class SignUp(models.Model):
    """A firm that somebody signed up, until their address is proven; then the firm is made and this row goes.

    Not a tenant row: there is no firm yet.
    """

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="sign_up")
    firm_name = models.CharField(_("firm's name"), max_length=200)
    plan = models.CharField(_("Clio plan"), max_length=10, choices=Plan)
    region = models.CharField(_("Clio region"), max_length=2, choices=Region)
    created_at = models.DateTimeField(_("when"), default=timezone.now, editable=False)

    class Meta:
        constraints = [
            CheckConstraint(condition=~Q(firm_name=""), name="sign_up_has_a_firm_name"),
            CheckConstraint(condition=Q(plan__in=Plan.values), name="sign_up_plan_known"),
            CheckConstraint(condition=Q(region__in=Region.values), name="sign_up_region_known"),
        ]

    def __str__(self) -> str:
        return self.firm_name


class Invitation(TenantModel):
    """Somebody is asked into a firm by a link that was mailed to their address.

    The link's secret is kept as a digest only, so that nobody who reads this table can come in by it. An invitation
    that ran out stays open, so that it can be sent again; who opens its link is told.
    """

    class State(models.TextChoices):
        """How it stands."""

        OPEN = "open", _("Open")
        ACCEPTED = "accepted", _("Accepted")
        REVOKED = "revoked", _("Taken back")

    email = LowerCaseEmailField(_("e-mail address"))
    role = models.CharField(_("role"), max_length=10, choices=Role)
    secret_digest = models.CharField(max_length=64, unique=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    invited_by = models.ForeignKey(User, on_delete=models.DO_NOTHING, null=True, related_name="+")
    accepted_by = models.ForeignKey(User, on_delete=models.DO_NOTHING, null=True, related_name="+")
    created_at = models.DateTimeField(_("since"))
    sent_at = models.DateTimeField(_("sent"), null=True)  # when the mail server took the last mail
    expires_at = models.DateTimeField(_("until"))

    class Meta:
        indexes = [models.Index(fields=["firm", "state", "email"], name="invitation_of_firm")]
        constraints = [
            UniqueConstraint(fields=["firm", "email"], condition=Q(state="open"), name="invitation_open_once"),
            CheckConstraint(condition=Q(role__in=Role.values), name="invitation_role_known"),
            CheckConstraint(condition=Q(state__in=["open", "accepted", "revoked"]), name="invitation_state_known"),
            CheckConstraint(condition=Q(email=Lower("email")) & ~Q(email=""), name="invitation_email_lower_case"),
        ]

    def __str__(self) -> str:
        return f"{self.email}, {self.get_role_display()}"


class AuditEvent(TenantModel):
    """Something a person did in a firm that its admin may want to look up. Written by `accounts.audit.record_event`.

    `actor` is empty where the installation's operator or the program itself acted. People who acted are deactivated,
    not deleted: the database refuses the latter.
    """

    actor = models.ForeignKey(User, on_delete=models.DO_NOTHING, null=True, blank=True, related_name="+")
    action = models.CharField(_("action"), max_length=60)
    detail = models.JSONField(_("detail"), default=dict, blank=True)
    at = models.DateTimeField(_("when"), default=timezone.now, editable=False)

    class Meta:
        indexes = [models.Index(fields=["firm", "-at"], name="audit_event_of_firm")]
        constraints = [CheckConstraint(condition=~Q(action=""), name="audit_event_has_action")]

    def __str__(self) -> str:
        return self.action
