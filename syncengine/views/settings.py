"""The Xero settings page."""

import logging
from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import FirmRequest, admin_required, firm_required, plan_required
from syncengine.connections import NotConnected
from syncengine.domain.setting_names import SETTING_NAMES
from syncengine.engine.configure import Change, StaleSettingsError, save_settings
from syncengine.engine.reference import refresh_reference
from syncengine.forms import XeroSettingsForm
from syncengine.models import Connection, SyncSettings
from syncengine.pages.effects import Effects, effects_of
from syncengine.pages.facts import read_facts
from syncengine.pages.reference import is_stale, read_reference
from syncengine.pages.setting_fields import Submitted
from syncengine.pages.xero_settings import append_ids_fixed, build_xero_settings, offers_clio_payments
from syncengine.transport.errors import TransportError
from syncengine.views.returning import back_to

logger = logging.getLogger(__name__)


@require_http_methods(["GET", "HEAD", "POST"])
def xero_settings(request: HttpRequest) -> HttpResponseBase:
    """Show the page, or save it."""
    return _save(request) if request.method == "POST" else _show(request)


@firm_required
def _show(request: FirmRequest) -> HttpResponse:
    return _answer(request, problem=refresh_if_stale(request))


@admin_required
@plan_required
def _save(request: FirmRequest) -> HttpResponse:
    form = settings_form(request)
    if not form.is_valid():
        return _answer(request, submitted=Submitted(request.POST.dict(), _faults(form)), status=422)
    try:
        changes = save_settings(
            firm=request.firm,
            user=request.user,
            values=form.cleaned_data,
            version=form.cleaned_data["version"],
            now=timezone.now(),
        )
    except StaleSettingsError as error:
        faults = {"": (stale_words(error),)}
        return _answer(request, submitted=Submitted(request.POST.dict(), faults), stale=True, status=409)
    messages.success(request, saved_words(changes))
    warn_of_refused_taxes(request, form)
    return redirect("xero_settings")


@require_POST
@admin_required
@plan_required
def effect(request: FirmRequest) -> HttpResponse:
    """Say what saving would change: beside the button, or as a page of its own where no script asks."""
    form = settings_form(request)
    faults = {} if form.is_valid() else _faults(form)
    saved = SyncSettings.objects.first() or SyncSettings()
    effects = (
        Effects(faults=tuple(text for told in faults.values() for text in told))
        if faults
        else Effects(sentences=effects_of(saved=saved, values=form.cleaned_data))
    )
    if request.headers.get("HX-Request"):
        return render(request, "syncengine/_effect.html", {"effects": effects})
    return _answer(request, submitted=Submitted(request.POST.dict(), faults), effects=effects)


def settings_form(request: FirmRequest) -> XeroSettingsForm:
    """The form as it was posted, with the settings that this firm has."""
    facts = read_facts(request.firm)
    offered = offers_clio_payments(facts)
    return XeroSettingsForm(
        request.POST,
        chart=read_reference().chart,
        saved=SyncSettings.objects.first(),
        ids_fixed=append_ids_fixed(facts.clio),
        names=[name for name in SETTING_NAMES if offered or name != "clio_payments_account"],
    )


def _faults(form: XeroSettingsForm) -> Mapping[str, tuple[str, ...]]:
    return {name: tuple(map(str, told)) for name, told in form.errors.items()}


def stale_words(error: StaleSettingsError) -> str:
    """That somebody saved in between, and what to do."""
    return _(
        "%(who)s saved these settings while you were editing, so yours are not saved yet. Your entries stand "
        "below, with what was saved meanwhile beside them. Press “Update sync settings” to save yours."
    ) % {"who": str(error.saved_by or _("Somebody"))}


def _answer(
    request: FirmRequest,
    *,
    submitted: Submitted | None = None,
    stale: bool = False,
    effects: Effects | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    page = build_xero_settings(firm=request.firm, submitted=submitted, stale=stale)
    context = {"page": page, "effects": effects, "refresh_problem": problem, "open_errors": page.open_errors}
    return render(request, "syncengine/xero_settings.html", context, status=status)


def saved_words(changes: list[Change]) -> str:
    """What was saved: every change, old and new."""
    if not changes:
        return _("These settings are saved. Nothing was different.")
    told = "; ".join(f"{change.name}: {change.old} → {change.new}" for change in changes)
    return _("Saved. %(changes)s. Bills already in Xero are not changed.") % {"changes": told}


def warn_of_refused_taxes(request: FirmRequest, form: XeroSettingsForm) -> None:
    """Say at once what Xero would refuse later: a sales tax on an account of a kind that does not take it."""
    if words := form.refused_taxes("expenses_account"):
        messages.warning(request, f"{SETTING_NAMES['expenses_account']}: {words}")


@require_POST
@admin_required
@plan_required
def refresh(request: FirmRequest) -> HttpResponse:
    """Read the chart, tax rates and categories anew, now."""
    problem = _refresh(request)
    if problem:
        messages.warning(request, problem)
    else:
        messages.success(request, _("The Xero chart, the tax rates and Clio's categories were read anew."))
    return back_to(request, otherwise="xero_settings")


def refresh_if_stale(request: FirmRequest) -> str:
    """Read the chart anew where it is due; answer what went wrong, in words, or empty text."""
    if not request.access.has_plan or not is_stale(now=timezone.now()):
        return ""
    connected = Connection.objects.filter(state=Connection.State.CONNECTED).count() == 2
    return _refresh(request) if connected else ""


def _refresh(request: FirmRequest) -> str:
    try:
        refresh_reference(firm=request.firm, clock=timezone.now)
    except (NotConnected, TransportError) as error:
        logger.info("chart of firm %s not refreshed: %s", request.firm.pk, type(error).__name__)
        return _("The Xero chart could not be read just now, so this is what was read last. %(why)s") % {"why": error}
    return ""
