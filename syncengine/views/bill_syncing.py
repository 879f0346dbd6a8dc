"""Bill Syncing, Xero: the page, what refreshes itself on it, the list as a file, and "Sync now"."""

import hashlib
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import trigger_client_event

from accounts.access import FirmRequest, firm_required, plan_required, staff_required
from syncengine.engine.schedule import ask_for_run
from syncengine.forms import BillFilterForm
from syncengine.pages.bill_syncing import build_bill_syncing
from syncengine.pages.bills_csv import bills_csv
from syncengine.pages.facts import read_facts
from syncengine.pages.status import build_status
from syncengine.views.returning import back_to


@require_GET
@firm_required
def bill_syncing(request: FirmRequest) -> HttpResponse:
    """The sync errors, then all bills."""
    return render(request, "syncengine/bill_syncing.html", _context(request))


@require_GET
@firm_required
def live(request: FirmRequest) -> HttpResponse:
    """What refreshes itself on the page: errors and bills. Nothing where nothing changed since `mark`."""
    context = _context(request)
    if request.GET.get("mark") == context["mark"]:
        return HttpResponse(status=204)
    return render(request, "syncengine/_live.html", context)


def _context(request: FirmRequest) -> dict[str, Any]:
    form = BillFilterForm(request.GET)
    page = build_bill_syncing(firm=request.firm, chosen=form.chosen())
    shown = repr((page.problems, page.bills, form.faults(), request.access.role, request.firm.plan))
    mark = hashlib.sha256(shown.encode()).hexdigest()[:16]
    return {
        "page": page,
        "typed": request.GET,
        "faults": form.faults(),
        "open_errors": page.open_errors,
        "mark": mark,
        "live": True,
        "page_url": reverse("bill_syncing"),
    }


@require_GET
@firm_required
def bills_file(request: FirmRequest) -> HttpResponseBase:
    """All bills of the filter, as a file for a spreadsheet."""
    lines = bills_csv(firm=request.firm, chosen=BillFilterForm(request.GET).chosen())
    name = f"bills-{request.firm.slug}-{timezone.now():%Y-%m-%d}.csv"
    return StreamingHttpResponse(
        lines,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@require_GET
@firm_required
def status(request: FirmRequest) -> HttpResponse:
    """The state block alone, which pages ask for every ten seconds; they are told of a run that they have not seen."""
    told = build_status(read_facts(request.firm))
    answer = render(request, "syncengine/_status.html", {"status": told})
    seen, newest = request.GET.get("seen", ""), told.last_run
    if newest and seen != str(int(newest.started_at.timestamp())):
        trigger_client_event(answer, "run-ended")
    return answer


@require_POST
@staff_required
@plan_required
def sync_now(request: FirmRequest) -> HttpResponse:
    """Make the firm due at once."""
    if not build_status(read_facts(request.firm)).can_sync:
        messages.warning(
            request, _("Nothing can be synced yet: connect both sides and switch the export on under Settings, Xero.")
        )
    elif ask_for_run(firm=request.firm, now=timezone.now()):
        messages.success(request, _("The sync starts within seconds."))
    else:
        messages.info(request, _("A sync was asked for already; it starts within seconds."))
    return back_to(request, otherwise="dashboard")
