"""The Firm page, and the switch between firms."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from accounts.access import FirmRequest, choose_firm, firm_required
from accounts.audit import describe
from accounts.models import AuditEvent, Membership

EVENTS_A_PAGE = 25


@require_GET
@firm_required
def firm_page(request: FirmRequest) -> HttpResponse:
    """People, plan and history of the firm."""
    people = Membership.objects.filter(firm=request.firm).select_related("user").order_by("user__email")
    events = AuditEvent.objects.select_related("actor").order_by("-at", "-pk")
    page = Paginator(events, EVENTS_A_PAGE).get_page(request.GET.get("page"))
    history = [{"at": event.at, "actor": event.actor, "words": describe(event)} for event in page.object_list]
    return render(request, "accounts/firm.html", {"people": people, "history": history, "page": page})


@require_POST
@login_required
def switch_firm(request: HttpRequest) -> HttpResponse:
    """Go on in another firm of the person's own; starts at its dashboard."""
    choose_firm(request, slug=request.POST.get("slug", ""))
    return redirect("/")
