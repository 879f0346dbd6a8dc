"""The operator's pages. They look over all firms, so they use the unscoped managers."""

# ruff: noqa: ARG002, FBT001  (the signatures are Django's)

from typing import TYPE_CHECKING, Any

from allauth.account.models import EmailAddress
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.audit import record_event
from accounts.models import AuditEvent, Firm, Membership, User

if TYPE_CHECKING:  # generic for the type checker alone
    _CreationForm = AdminUserCreationForm[User]
    _UserAdmin = UserAdmin[User]
    _FirmAdmin = admin.ModelAdmin[Firm]
    _EventAdmin = admin.ModelAdmin[AuditEvent]
    _MembershipInline = admin.TabularInline[Membership, Firm]
else:
    _CreationForm, _UserAdmin = AdminUserCreationForm, UserAdmin
    _FirmAdmin = _EventAdmin = admin.ModelAdmin
    _MembershipInline = admin.TabularInline


class PersonCreationForm(_CreationForm):
    """Asks for the address instead of a user name."""

    class Meta:
        model = User
        fields = ("email", "name")


@admin.register(User)
class PersonAdmin(_UserAdmin):
    """People: switched off rather than deleted."""

    add_form = PersonCreationForm
    ordering = ("email",)
    list_display = ("email", "name", "is_active", "is_staff", "is_support")
    list_filter = ("is_active", "is_staff", "is_support")
    search_fields = ("email", "name")
    readonly_fields = ("last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("email", "password", "name")}),
        (_("May"), {"fields": ("is_active", "is_staff", "is_support", "is_superuser", "groups", "user_permissions")}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"classes": ("wide",), "fields": ("email", "name", "usable_password", "password1", "password2")}),
    )

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Save; the address of a login that the operator makes needs no proof."""
        super().save_model(request, obj, form, change)
        if not change:
            EmailAddress.objects.create(user=obj, email=obj.email, primary=True, verified=True)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Never: what a person did stays with their name; switch the login off."""
        return False


class MembershipInline(_MembershipInline):
    """The people of a firm."""

    model = Membership
    extra = 0
    autocomplete_fields = ("user",)


@admin.register(Firm)
class FirmAdmin(_FirmAdmin):
    """Firms; here the operator sets a plan."""

    list_display = ("name", "slug", "plan", "region", "created_at")
    list_filter = ("plan", "region")
    search_fields = ("name", "slug")
    inlines = (MembershipInline,)

    def save_model(self, request: HttpRequest, obj: Firm, form: Any, change: bool) -> None:
        """Save, and tell the firm what was changed."""
        super().save_model(request, obj, form, change)
        if change and form.changed_data:
            changes = {name: [form.initial.get(name), form.cleaned_data[name]] for name in form.changed_data}
            detail = {"fields": form.changed_data, "changes": changes}
            record_event(firm=obj, actor=None, action="firm_changed", detail=detail)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Save the firm's people, and tell the firm who came, changed and went."""
        super().save_formset(request, form, formset, change)
        told = [
            *(("member_added", member) for member in formset.new_objects),
            *(("member_changed", member) for member, _fields in formset.changed_objects),
            *(("member_removed", member) for member in formset.deleted_objects),
        ]
        for action, member in told:
            detail = {"email": member.user.email, "role": member.role}
            record_event(firm=form.instance, actor=None, action=action, detail=detail)

    def has_delete_permission(self, request: HttpRequest, obj: Firm | None = None) -> bool:
        """Never from here: a firm's links to Xero would go with it."""
        return False


@admin.register(AuditEvent)
class AuditEventAdmin(_EventAdmin):
    """What was done, in every firm. To be read, not changed."""

    list_display = ("at", "firm", "actor", "action")
    list_filter = ("action",)
    list_select_related = ("firm", "actor")
    date_hierarchy = "at"

    def get_queryset(self, request: HttpRequest) -> QuerySet[AuditEvent]:
        """Every firm's events."""
        return AuditEvent.unscoped.order_by("-at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: AuditEvent | None = None) -> bool:
        """Never."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: AuditEvent | None = None) -> bool:
        """Never."""
        return False
