"""The dashboard."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.access import FirmRequest, firm_required
from syncengine.pages.dashboard import build_dashboard


@require_GET
@firm_required
def dashboard(request: FirmRequest) -> HttpResponse:
    """The state of the firm at a glance."""
    page = build_dashboard(firm=request.firm, now=timezone.now())
    return render(request, "syncengine/dashboard.html", {"page": page, "open_errors": page.open_errors})
