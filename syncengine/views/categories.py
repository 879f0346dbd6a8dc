"""Category accounts."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.access import FirmRequest, admin_required, firm_required, plan_required
from syncengine.engine.configure import StaleSettingsError, save_categories
from syncengine.forms import CategoriesForm
from syncengine.pages.categories import build_categories, read_choices, refused_words
from syncengine.pages.reference import read_reference
from syncengine.views.settings import refresh_if_stale

#: Categories whose trouble is told above the page; the others tell it beside their own field.
_TOLD = 3


@require_http_methods(["GET", "HEAD", "POST"])
def categories(request: HttpRequest) -> HttpResponseBase:
    """Show the page, or save it."""
    return _save(request) if request.method == "POST" else _show(request)


@firm_required
def _show(request: FirmRequest) -> HttpResponse:
    return _answer(request, problem=refresh_if_stale(request))


@admin_required
@plan_required
def _save(request: FirmRequest) -> HttpResponse:
    reference = read_reference()
    form = CategoriesForm(request.POST, reference=reference, chosen=read_choices())
    if not form.is_valid():
        faults = {name: tuple(map(str, told)) for name, told in form.errors.items()}
        return _answer(request, keep=True, faults=faults, status=422)
    try:
        changes = save_categories(
            firm=request.firm,
            user=request.user,
            wanted=form.wanted(),
            version=form.cleaned_data["version"] or None,
            now=timezone.now(),
        )
    except StaleSettingsError:
        text = _(
            "Somebody saved category accounts while you were editing, so yours are not saved yet. Your entries stand "
            "below. Press “Update category accounts” to save yours."
        )
        return _answer(request, keep=True, faults={"": (text,)}, status=409)
    count = len(changes)
    words = ngettext(
        "Saved: %(count)s category changed. Bills already in Xero are not changed.",
        "Saved: %(count)s categories changed. Bills already in Xero are not changed.",
        count,
    )
    messages.success(request, words % {"count": count} if count else _("These accounts are saved already."))
    for told in refused_words(reference, form.wanted())[:_TOLD]:
        messages.warning(request, told)
    return redirect("categories")


def _answer(
    request: FirmRequest,
    *,
    keep: bool = False,
    faults: dict[str, tuple[str, ...]] | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    page = build_categories(firm=request.firm, posted=request.POST.dict() if keep else None, errors=faults)
    context = {"page": page, "refresh_problem": problem, "open_errors": page.open_errors}
    return render(request, "syncengine/categories.html", context, status=status)
