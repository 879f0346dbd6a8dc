"""Sync errors: their lists, and what is decided about them: try again, ignore, undo that."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts.access import FirmRequest, firm_required, plan_required, staff_required
from syncengine.engine import triage
from syncengine.forms import IgnoreForm
from syncengine.models import SyncError
from syncengine.pages.error_lists import build_cause, build_error_list
from syncengine.views.answers import acted

_HERE = "bill_syncing"


@require_GET
@firm_required
def errors(request: FirmRequest) -> HttpResponse:
    """All open errors, or all ignored ones, by cause."""
    page = build_error_list(page=_page(request), ignored=request.GET.get("state") == SyncError.State.IGNORED)
    return render(request, "syncengine/errors.html", {"page": page, "open_errors": page.open_errors})


@require_GET
@firm_required
def cause(request: FirmRequest, error_id: int) -> HttpResponse:
    """All records of one cause."""
    page = build_cause(error_id=error_id, page=_page(request))
    if page is None:
        raise Http404(_("This problem is over, or there is none of this number."))
    return render(request, "syncengine/cause.html", {"page": page, "open_errors": page.open_errors})


def _page(request: HttpRequest) -> int:
    asked = request.GET.get("page", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 8 else 1


@require_POST
@staff_required
@plan_required
def retry(request: FirmRequest, error_id: int) -> HttpResponseBase:
    """Try one record again."""
    row = get_object_or_404(SyncError, pk=error_id)
    count = triage.retry(firm=request.firm, error_ids=[row.pk], now=timezone.now(), user=request.user)
    return _retried(request, count)


@require_POST
@staff_required
@plan_required
def retry_cause(request: FirmRequest, error_id: int) -> HttpResponseBase:
    """Try every record again that has the cause of this one."""
    row = get_object_or_404(SyncError, pk=error_id)
    count = triage.retry_cause(firm=request.firm, code=row.code, cause=row.cause, now=timezone.now(), user=request.user)
    return _retried(request, count)


@require_POST
@staff_required
@plan_required
def retry_all(request: FirmRequest) -> HttpResponseBase:
    """Try every record again that has an open error."""
    return _retried(request, triage.retry_all(firm=request.firm, now=timezone.now(), user=request.user))


def _retried(request: FirmRequest, count: int) -> HttpResponseBase:
    if count:
        words = ngettext(
            "%(count)s record is tried again within seconds.",
            "%(count)s records are tried again within seconds.",
            count,
        )
        messages.success(request, words % {"count": f"{count:,}"})
    else:
        messages.info(request, _("Nothing to try again: this problem was closed or ignored in the meantime."))
    return acted(request, otherwise=_HERE)


@require_POST
@staff_required
@plan_required
def ignore(request: FirmRequest, error_id: int) -> HttpResponseBase:
    """Leave one record alone, with a reason."""
    row = get_object_or_404(SyncError, pk=error_id)

    def act(reason: str) -> int:
        return triage.ignore(
            firm=request.firm, user=request.user, error_ids=[row.pk], reason=reason, now=timezone.now()
        )

    return _ignored(request, act)


@require_POST
@staff_required
@plan_required
def ignore_cause(request: FirmRequest, error_id: int) -> HttpResponseBase:
    """Leave every record alone that has the cause of this one, with a reason."""
    row = get_object_or_404(SyncError, pk=error_id)

    def act(reason: str) -> int:
        return triage.ignore_cause(
            firm=request.firm,
            user=request.user,
            code=row.code,
            cause=row.cause,
            reason=reason,
            now=timezone.now(),
        )

    return _ignored(request, act)


def _ignored(request: FirmRequest, act: Callable[[str], int]) -> HttpResponseBase:
    form = IgnoreForm(request.POST)
    try:
        count = act(form.cleaned_data["reason"] if form.is_valid() else request.POST.get("reason", ""))
    except triage.TriageError as error:
        messages.error(request, str(error))
        return acted(request, otherwise=_HERE, worked=False)
    if count == 1:
        messages.success(request, _("Ignored until it changes in Clio. You can undo this under “Ignored”."))
    elif count:
        words = _("%(count)s records are ignored until they change in Clio. You can undo this under “Ignored”.")
        messages.success(request, words % {"count": f"{count:,}"})
    else:
        messages.info(request, _("Nothing was changed: this problem was closed or ignored in the meantime."))
    return acted(request, otherwise=_HERE)


@require_POST
@staff_required
@plan_required
def undo_ignore(request: FirmRequest, error_id: int) -> HttpResponseBase:
    """Count one ignored problem as open again, and try its record."""
    row = get_object_or_404(SyncError, pk=error_id)
    count = triage.undo_ignore(firm=request.firm, user=request.user, error_ids=[row.pk], now=timezone.now())
    return _undone(request, count)


@require_POST
@staff_required
@plan_required
def undo_cause(request: FirmRequest, error_id: int) -> HttpResponseBase:
    """Count every ignored problem of this one's cause as open again, and try their records."""
    row = get_object_or_404(SyncError, pk=error_id)
    count = triage.undo_cause(firm=request.firm, user=request.user, code=row.code, cause=row.cause, now=timezone.now())
    return _undone(request, count)


def _undone(request: FirmRequest, count: int) -> HttpResponseBase:
    if count == 1:
        messages.success(request, _("No longer ignored; the record is tried again within seconds."))
    elif count:
        words = _("%(count)s records are no longer ignored; they are tried again within seconds.")
        messages.success(request, words % {"count": f"{count:,}"})
    else:
        messages.info(request, _("Nothing was changed: this problem was not ignored any more."))
    return acted(request, otherwise=_HERE)
