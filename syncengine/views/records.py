"""The pages of one bill and of one contact, and the resync of a bill."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import FirmRequest, firm_required, plan_required, staff_required
from syncengine.engine import remedy
from syncengine.engine.resync_plan import plan_resync
from syncengine.models import Snapshot
from syncengine.pages.bill_record import build_bill_record
from syncengine.pages.contact_record import build_contact_record
from syncengine.pages.problem_rows import count_open_errors
from syncengine.pages.resync import tell_plan


@require_GET
@firm_required
def bill(request: FirmRequest, clio_id: int) -> HttpResponse:
    """One bill: both sides, its problems, the invoice as sent, its money, its history."""
    page = build_bill_record(clio_id=clio_id, before=_before(request))
    if page is None:
        raise Http404(_("This bill is not known here."))
    return render(request, "syncengine/bill_record.html", {"page": page, "open_errors": page.open_errors})


@require_GET
@firm_required
def contact(request: FirmRequest, clio_id: int) -> HttpResponse:
    """One contact: both sides, its problems, its history."""
    page = build_contact_record(clio_id=clio_id, before=_before(request))
    if page is None:
        raise Http404(_("This contact is not known here."))
    return render(request, "syncengine/contact_record.html", {"page": page, "open_errors": page.open_errors})


def _before(request: HttpRequest) -> int | None:
    asked = request.GET.get("before", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 19 else None


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
@plan_required
def resync(request: FirmRequest, clio_id: int) -> HttpResponseBase:
    """Show what a resync would change; ask for it."""
    if request.method == "POST":
        return _resync(request, clio_id)
    record = Snapshot.objects.filter(kind=Snapshot.Kind.BILL, clio_id=clio_id).values_list("record", flat=True).first()
    if record is None:
        raise Http404(_("This bill is not known here."))
    context = {"clio_id": clio_id, "number": record.get("number") or clio_id, "open_errors": count_open_errors()}
    try:
        plan = plan_resync(firm=request.firm, clio_id=clio_id, clock=timezone.now)
    except remedy.RemedyError as error:
        return render(request, "syncengine/resync.html", {**context, "problem": str(error)})
    client = str(record.get("client_name") or "")
    told = tell_plan(change=plan.change, standing=plan.standing, rules=plan.rules, client=client)
    return render(request, "syncengine/resync.html", {**context, "plan": told})


def _resync(request: FirmRequest, clio_id: int) -> HttpResponseBase:
    try:
        remedy.resync_bill(firm=request.firm, user=request.user, clio_id=clio_id, now=timezone.now())
    except remedy.RemedyError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The invoice is sent again with the present settings, within seconds."))
    return redirect("bill_record", clio_id=clio_id)
