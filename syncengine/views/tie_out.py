"""What the last comparison of both sides found, and asking for another one."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import FirmRequest, firm_required, plan_required, staff_required
from syncengine.engine.schedule import ask_for_full_run
from syncengine.pages.tie_out import build_tie_out


@require_GET
@firm_required
def tie_out(request: FirmRequest) -> HttpResponse:
    """Both sides beside each other, and every difference."""
    page = build_tie_out(firm=request.firm)
    return render(request, "syncengine/tie_out.html", {"page": page, "open_errors": page.open_errors})


@require_POST
@staff_required
@plan_required
def compare_now(request: FirmRequest) -> HttpResponse:
    """Have both sides read whole and compared, within seconds."""
    ask_for_full_run(firm=request.firm, now=timezone.now())
    messages.success(request, _("Asked for: a run that reads both sides whole begins within seconds."))
    return redirect("tie_out")
