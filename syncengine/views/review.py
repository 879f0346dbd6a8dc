"""Looking at a stopped plan, and saying yes or no."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.access import FirmRequest, admin_required, firm_required, plan_required
from syncengine.engine.reviewing import ReviewChangedError, decide
from syncengine.pages.review import build_review

_YES, _NO = "go_ahead", "keep"


@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest) -> HttpResponseBase:
    """Show what would be removed, or take the decision."""
    return _decide(request) if request.method == "POST" else _show(request)


@firm_required
def _show(request: FirmRequest) -> HttpResponse:
    return _page(request)


def _page(request: FirmRequest, *, problem: str = "", status: int = 200) -> HttpResponse:
    page = build_review(firm=request.firm)
    context = {"page": page, "problem": problem, "open_errors": page.open_errors}
    return render(request, "syncengine/review.html", context, status=status)


@admin_required
@plan_required
def _decide(request: FirmRequest) -> HttpResponse:
    decision = request.POST.get("decision", "")
    if decision not in {_YES, _NO}:
        return _page(request, problem=_("Say whether to go ahead or to keep them. Nothing was changed."), status=422)
    try:
        count = decide(
            firm=request.firm,
            user=request.user,
            go_ahead=decision == _YES,
            mark=request.POST.get("mark", ""),
            now=timezone.now(),
        )
    except ReviewChangedError:
        text = _("The list changed or was decided about since you opened it. Look at it again. Nothing was changed.")
        return _page(request, problem=text, status=409)
    if decision == _YES:
        words = ngettext(
            "%(count)s document goes in a run that starts within seconds.",
            "%(count)s documents go in a run that starts within seconds.",
            count,
        )
    else:
        words = ngettext(
            "%(count)s document is kept in Xero until it changes in Clio.",
            "%(count)s documents are kept in Xero until they change in Clio.",
            count,
        )
    messages.success(request, words % {"count": f"{count:,}"})
    return redirect("bill_syncing")
