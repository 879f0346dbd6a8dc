"""The Firm page, and the switch between firms."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import FirmRequest, choose_firm, firm_required, to_login
from accounts.audit import describe
from accounts.models import AuditEvent, Membership

EVENTS_A_PAGE = 25


@require_safe
@firm_required
def firm_page(request: FirmRequest) -> HttpResponse:
    """People, plan and history of the firm."""
    people = Membership.objects.filter(firm=request.firm).select_related("user").order_by("user__email")
    events = AuditEvent.objects.select_related("actor").order_by("-at", "-pk")
    page = Paginator(events, EVENTS_A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "accounts/firm.html",
        {
            "people": people,
            "history": [{"at": event.at, "actor": event.actor, "words": describe(event)} for event in page.object_list],
            "previous": f"?page={page.previous_page_number()}#history" if page.has_previous() else "",
            "next": f"?page={page.next_page_number()}#history" if page.has_next() else "",
            "span_words": _("%(first)s–%(last)s of %(found)s")
            % {"first": page.start_index(), "last": page.end_index(), "found": page.paginator.count},
        },
    )


@require_POST
def switch_firm(request: HttpRequest) -> HttpResponse:
    """Go on in another firm of the person's own; starts at its dashboard."""
    if not request.user.is_authenticated:
        return to_login(request)
    choose_firm(request, slug=request.POST.get("slug", ""))
    return redirect("/")
