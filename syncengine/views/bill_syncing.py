"""Bill Syncing, Xero: the page, its live status, and its buttons."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts.access import FirmRequest, firm_required, plan_required, staff_required
from syncengine.engine import triage
from syncengine.engine.schedule import ask_for_run
from syncengine.forms import BillFilterForm, IgnoreForm
from syncengine.models import SyncError
from syncengine.pages.bill_syncing import build_bill_syncing
from syncengine.pages.facts import read_facts
from syncengine.pages.status import build_status
from syncengine.views.returning import back_to

_HERE = "bill_syncing"


@require_GET
@firm_required
def bill_syncing(request: FirmRequest) -> HttpResponse:
    """The sync errors, then all bills."""
    form = BillFilterForm(request.GET)
    page = build_bill_syncing(firm=request.firm, chosen=form.chosen())
    context = {"page": page, "typed": request.GET, "faults": form.faults(), "open_errors": page.open_errors}
    return render(request, "syncengine/bill_syncing.html", context)


@require_GET
@firm_required
def status(request: FirmRequest) -> HttpResponse:
    """The state block alone, which pages ask for every ten seconds."""
    return render(request, "syncengine/_status.html", {"status": build_status(read_facts(request.firm))})


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


@require_POST
@staff_required
@plan_required
def retry(request: FirmRequest, error_id: int) -> HttpResponse:
    """Try one record again."""
    row = get_object_or_404(SyncError, pk=error_id)
    _tell_retried(request, triage.retry(firm=request.firm, error_ids=[row.pk], now=timezone.now()))
    return back_to(request, otherwise=_HERE)


@require_POST
@staff_required
@plan_required
def retry_cause(request: FirmRequest, error_id: int) -> HttpResponse:
    """Try every record again that has the cause of this one."""
    row = get_object_or_404(SyncError, pk=error_id)
    count = triage.retry_cause(firm=request.firm, code=row.code, cause=row.cause, now=timezone.now())
    _tell_retried(request, count)
    return back_to(request, otherwise=_HERE)


@require_POST
@staff_required
@plan_required
def retry_all(request: FirmRequest) -> HttpResponse:
    """Try every record again that has an open error."""
    _tell_retried(request, triage.retry_all(firm=request.firm, now=timezone.now()))
    return back_to(request, otherwise=_HERE)


def _tell_retried(request: FirmRequest, count: int) -> None:
    if not count:
        messages.info(request, _("Nothing to try again: this problem was closed or ignored in the meantime."))
        return
    words = ngettext(
        "%(count)s record is tried again within seconds.", "%(count)s records are tried again within seconds.", count
    )
    messages.success(request, words % {"count": f"{count:,}"})


@require_POST
@staff_required
@plan_required
def ignore(request: FirmRequest, error_id: int) -> HttpResponse:
    """Leave one record alone, with a reason."""
    row = get_object_or_404(SyncError, pk=error_id)
    form = IgnoreForm(request.POST)
    try:
        reason = form.cleaned_data["reason"] if form.is_valid() else ""
        count = triage.ignore(firm=request.firm, user=request.user, error_ids=[row.pk], reason=reason)
    except triage.TriageError as error:
        messages.error(request, str(error))
        return back_to(request, otherwise=_HERE)
    if count:
        messages.success(request, _("Ignored until it changes in Clio. You can undo this under “Ignored”."))
    else:
        messages.info(request, _("Nothing was changed: this problem was closed or ignored in the meantime."))
    return back_to(request, otherwise=_HERE)


@require_POST
@staff_required
@plan_required
def undo_ignore(request: FirmRequest, error_id: int) -> HttpResponse:
    """Count one ignored problem as open again, and try its record."""
    row = get_object_or_404(SyncError, pk=error_id)
    if triage.undo_ignore(firm=request.firm, user=request.user, error_ids=[row.pk], now=timezone.now()):
        messages.success(request, _("No longer ignored; the record is tried again within seconds."))
    else:
        messages.info(request, _("Nothing was changed: this problem was not ignored any more."))
    return back_to(request, otherwise=_HERE)
