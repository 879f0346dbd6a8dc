"""The first-time path: connect, choose, look, start; and the page that shows how the first sync goes."""

from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from accounts.access import FirmRequest, admin_required, firm_required, plan_required
from syncengine.engine.configure import StaleSettingsError, save_settings
from syncengine.engine.first_sync import StartRefused, is_current, start_first_sync
from syncengine.engine.preview.work import ask_for_preview
from syncengine.engine.reference import load_setup
from syncengine.forms import XeroSettingsForm
from syncengine.models import Preview, SyncSettings
from syncengine.pages.facts import read_facts
from syncengine.pages.preview import build_preview
from syncengine.pages.progress import build_progress_page
from syncengine.pages.reference import read_reference
from syncengine.pages.setting_fields import Submitted
from syncengine.pages.setup import (
    ACCOUNTS_STEP,
    PREFERENCES_STEP,
    SetupPage,
    build_accounts,
    build_connect,
    build_preferences,
    step_names,
)
from syncengine.pages.setup_steps import build_steps
from syncengine.pages.xero_settings import append_ids_fixed
from syncengine.views.settings import refresh_if_stale, stale_words, warn_of_refused_taxes


@require_GET
@firm_required
def setup(request: FirmRequest) -> HttpResponse:
    """To the step that comes next; to the dashboard once nothing is left."""
    step = build_steps(read_facts(request.firm)).next
    return redirect(step.place if step else "dashboard")


@require_GET
@firm_required
def connect(request: FirmRequest) -> HttpResponse:
    """Both connections."""
    page = build_connect(facts=read_facts(request.firm), now=timezone.now())
    return _render(request, "connect", page, may_connect=request.access.can_configure and request.access.has_plan)


@require_http_methods(["GET", "HEAD", "POST"])
def accounts(request: HttpRequest) -> HttpResponseBase:
    """Accounts and tax rates: shown, or saved."""
    return _save_accounts(request) if request.method == "POST" else _show_accounts(request)


@firm_required
def _show_accounts(request: FirmRequest) -> HttpResponse:
    facts = read_facts(request.firm)
    if facts.has_started:
        return redirect("xero_settings")
    problem = refresh_if_stale(request)
    return _render(request, "accounts", build_accounts(facts=facts), refresh_problem=problem)


@admin_required
@plan_required
def _save_accounts(request: FirmRequest) -> HttpResponse:
    return _save(request, ACCOUNTS_STEP, template="accounts", then="setup_preferences")


@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponseBase:
    """Range and preferences: shown, or saved."""
    return _save_preferences(request) if request.method == "POST" else _show_preferences(request)


@firm_required
def _show_preferences(request: FirmRequest) -> HttpResponse:
    facts = read_facts(request.firm)
    if facts.has_started:
        return redirect("xero_settings")
    return _render(request, "preferences", build_preferences(facts=facts))


@admin_required
@plan_required
def _save_preferences(request: FirmRequest) -> HttpResponse:
    answer = _save(request, PREFERENCES_STEP, template="preferences", then="setup_preview")
    if answer.status_code == 302 and not Preview.objects.exclude(state=Preview.State.FAILED).exists():
        ask_for_preview(firm=request.firm, now=timezone.now())
    return answer


def _save(request: FirmRequest, names: tuple[str, ...], *, template: str, then: str) -> HttpResponse:
    """Save one form of the path. The export is not touched: nothing is sent before the first sync is started."""
    facts = read_facts(request.firm)
    form = XeroSettingsForm(
        request.POST,
        chart=read_reference().chart,
        saved=SyncSettings.objects.first(),
        ids_fixed=append_ids_fixed(facts.clio),
        names=step_names(names, facts),
        will_export=True,
    )
    build = {"accounts": build_accounts, "preferences": build_preferences}[template]
    if not form.is_valid():
        faults: Mapping[str, tuple[str, ...]] = {name: tuple(map(str, told)) for name, told in form.errors.items()}
        page = build(facts=facts, submitted=Submitted(request.POST.dict(), faults))
        return _render(request, template, page, status=422)
    try:
        save_settings(
            firm=request.firm,
            user=request.user,
            values=form.cleaned_data,
            version=form.cleaned_data["version"],
            now=timezone.now(),
        )
    except StaleSettingsError as error:
        submitted = Submitted(request.POST.dict(), {"": (stale_words(error),)})
        return _render(request, template, build(facts=facts, submitted=submitted, stale=True), status=409)
    warn_of_refused_taxes(request, form)
    return redirect(then)


@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: HttpRequest) -> HttpResponseBase:
    """The preview; posting has it made, or made again."""
    return _ask(request) if request.method == "POST" else _show_preview(request)


@firm_required
def _show_preview(request: FirmRequest) -> HttpResponse:
    return _preview(request)


@admin_required
@plan_required
def _ask(request: FirmRequest) -> HttpResponse:
    facts = read_facts(request.firm)
    if not (facts.is_connected and facts.has_accounts):
        messages.info(request, _("First connect both sides and choose accounts."))
        return redirect("setup")
    ask_for_preview(firm=request.firm, now=timezone.now())
    return redirect("setup_preview")


@require_GET
@firm_required
def preview_status(request: FirmRequest) -> HttpResponse:
    """The preview alone, for the page to bring itself up to date."""
    return _preview(request, template="_preview")


def _preview(request: FirmRequest, *, template: str = "preview", problem: str = "", status: int = 200) -> HttpResponse:
    facts = read_facts(request.firm)
    if facts.has_started:
        there = reverse("setup_progress")
        return HttpResponseClientRedirect(there) if template == "_preview" else redirect(there)
    row = Preview.objects.first()
    now = load_setup(firm=request.firm) if row and row.state == Preview.State.READY else None
    page = build_preview(
        facts=facts, row=row, rules=now.rules if now else None, is_current=bool(row and now and is_current(row, now))
    )
    return _render(request, template, page, problem=problem, status=status)


@require_POST
@admin_required
@plan_required
def start(request: FirmRequest) -> HttpResponse:
    """Start the first sync; pressed twice, it starts once."""
    try:
        started = start_first_sync(firm=request.firm, user=request.user, now=timezone.now())
    except StartRefused as refusal:
        return _preview(request, problem=str(refusal), status=409)
    if not started:
        messages.info(request, _("The first sync was started already."))
    return redirect("setup_progress")


@require_GET
@firm_required
def progress(request: FirmRequest) -> HttpResponse:
    """How the first sync goes."""
    facts = read_facts(request.firm)
    if not facts.has_started:
        return redirect("setup")
    return _render(request, "progress", build_progress_page(facts=facts, now=timezone.now()))


@require_GET
@firm_required
def progress_status(request: FirmRequest) -> HttpResponse:
    """The progress alone, for a page to bring itself up to date."""
    page = build_progress_page(facts=read_facts(request.firm), now=timezone.now())
    return _render(request, "_progress", page)


def _render(request: FirmRequest, template: str, page: SetupPage, *, status: int = 200, **more: object) -> HttpResponse:
    connecting = page.steps.next.name if page.steps.next else ""
    here = {
        "connect": connecting if connecting in {"clio", "xero"} else "xero",
        "progress": "start",
        "_progress": "start",
        "_preview": "preview",
    }.get(template, template)
    context = {
        "page": page,
        "open_errors": page.open_errors,
        "here": here,
        "place_words": page.steps.words(here),
        **more,
    }
    return render(request, f"syncengine/setup/{template}.html", context, status=status)
