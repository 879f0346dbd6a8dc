"""The Firm page, and what an admin changes about the firm itself."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import FirmRequest, admin_required, firm_required
from accounts.audit import describe
from accounts.firm_changes import FirmChangeError, change_settings, move_to_plan
from accounts.forms.firm import FirmSettingsForm, PlanForm
from accounts.invitations import Standing, standing
from accounts.models import AuditEvent, Invitation, Membership, Role
from accounts.wording import ROLE_MEANING

EVENTS_A_PAGE = 25


@require_safe
@firm_required
def firm_page(request: FirmRequest) -> HttpResponse:
    """People, plan, settings and history of the firm."""
    events = AuditEvent.objects.select_related("actor").order_by("-at", "-pk")
    page = Paginator(events, EVENTS_A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "accounts/firm.html",
        {
            "people": Membership.objects.filter(firm=request.firm).select_related("user").order_by("user__email"),
            "invitations": _open_invitations(now=timezone.now()),
            "roles": [(role.label, ROLE_MEANING[role]) for role in Role],
            "history": [{"at": event.at, "actor": event.actor, "words": describe(event)} for event in page.object_list],
            "previous": f"?page={page.previous_page_number()}#history" if page.has_previous() else "",
            "next": f"?page={page.next_page_number()}#history" if page.has_next() else "",
            "span_words": _("%(first)s–%(last)s of %(found)s")
            % {"first": page.start_index(), "last": page.end_index(), "found": page.paginator.count},
        },
    )


def _open_invitations(*, now: datetime) -> list[dict[str, Any]]:
    """Those that nobody accepted or took back, with how they stand in a word."""
    rows = Invitation.objects.filter(state=Invitation.State.OPEN).select_related("invited_by").order_by("email")
    told = []
    for row in rows:
        words, tone = _("Waiting"), "waiting"
        if standing(row, now=now) is Standing.EXPIRED:
            words, tone = _("Ran out"), "quiet"
        elif row.sent_at is None:
            words, tone = _("Mail not sent"), "refused"
        told.append({"row": row, "words": words, "tone": tone})
    return told


@require_http_methods(["GET", "HEAD", "POST"])
@admin_required
def firm_settings(request: FirmRequest) -> HttpResponse:
    """The firm's name, and how its pages write times and dates."""
    form = FirmSettingsForm(request.POST if request.method == "POST" else None, firm=request.firm)
    if form.is_bound and form.is_valid():
        changed = change_settings(firm=request.firm, actor=request.user, values=form.cleaned_data)
        messages.success(request, _("The firm's settings are saved.") if changed else _("Nothing was different."))
        return redirect("firm")
    return render(request, "accounts/firm_settings.html", {"form": form}, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@admin_required
def firm_plan(request: FirmRequest) -> HttpResponse:
    """Move the firm to Boutique or Elite."""
    form = PlanForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            move_to_plan(firm=request.firm, actor=request.user, plan=form.cleaned_data["plan"])
        except FirmChangeError as problem:
            form.add_error("plan", str(problem))
        else:
            plan = dict(form.fields["plan"].choices)[form.cleaned_data["plan"]]  # type: ignore[attr-defined]
            messages.success(request, _("The firm's plan is %(plan)s now.") % {"plan": plan})
            return redirect("firm")
    return render(request, "accounts/firm_plan.html", {"form": form}, status=422 if form.is_bound else 200)
