"""The Connections page: connecting and disconnecting Clio and Xero."""

import logging
from typing import Final

from django.conf import settings
from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import FirmRequest, admin_required, firm_required, plan_required
from syncengine.connections import (
    AccountRefused,
    ConsentDeclined,
    ConsentError,
    ConsentFailed,
    DisconnectRefused,
    Farewell,
    NothingToChoose,
    NotSetUp,
    StateRefused,
    Told,
    begin_clio,
    begin_xero,
    choose_organisation,
    disconnect,
    finish_clio,
    finish_xero,
    offered_organisations,
    redeem_state,
    remember_state,
)
from syncengine.models import Connection, Service
from syncengine.pages.connections import build_connections
from syncengine.transport.errors import TransportError
from syncengine.views.connection_forms import ConnectClioForm, DisconnectForm

logger = logging.getLogger(__name__)

_FROM_SETUP: Final = "connecting_from_setup"
_STATUS: Final[dict[type[ConsentError], int]] = {
    StateRefused: 403,
    ConsentFailed: 400,
    AccountRefused: 409,
    NothingToChoose: 409,
    NotSetUp: 503,
}


@require_GET
@never_cache
@firm_required
def connections(request: FirmRequest) -> HttpResponse:
    """Both sides, as everybody in the firm may see them."""
    return _page(request)


@require_POST
@admin_required
@plan_required
def connect_clio(request: FirmRequest) -> HttpResponse:
    """Send the admin to Clio's consent page."""
    form = ConnectClioForm({"region": request.POST.get("region") or request.firm.region})
    if not form.is_valid():
        return _page(request, problem=_told(form), service=Service.CLIO, status=422)
    region = form.cleaned_data["region"]
    try:
        url, state = begin_clio(firm=request.firm, region=region, redirect_uri=_callback(Service.CLIO))
    except ConsentError as error:
        return _refused(request, Service.CLIO, error)
    remember_state(
        request.session, service=Service.CLIO, firm=request.firm, state=state, region=region, now=timezone.now()
    )
    _remember_way(request)
    return redirect(url)


@require_POST
@admin_required
@plan_required
def connect_xero(request: FirmRequest) -> HttpResponse:
    """Send the admin to Xero's consent page."""
    try:
        url, state = begin_xero(firm=request.firm, redirect_uri=_callback(Service.XERO))
    except ConsentError as error:
        return _refused(request, Service.XERO, error)
    remember_state(request.session, service=Service.XERO, firm=request.firm, state=state, now=timezone.now())
    _remember_way(request)
    return redirect(url)


@require_GET
@never_cache
@admin_required
def clio_callback(request: FirmRequest) -> HttpResponse:
    """Where Clio sends the admin back to."""
    try:
        code, region = _code(request, Service.CLIO)
        row = finish_clio(
            firm=request.firm,
            actor=request.user,
            code=code,
            redirect_uri=_callback(Service.CLIO),
            region=region,
            now=timezone.now(),
        )
    except (ConsentError, TransportError) as error:
        return _refused(request, Service.CLIO, error)
    return _connected(request, row)


@require_GET
@never_cache
@admin_required
def xero_callback(request: FirmRequest) -> HttpResponse:
    """Where Xero sends the admin back to."""
    try:
        code, _region = _code(request, Service.XERO)
        made = finish_xero(
            firm=request.firm,
            actor=request.user,
            code=code,
            redirect_uri=_callback(Service.XERO),
            now=timezone.now(),
        )
    except (ConsentError, TransportError) as error:
        return _refused(request, Service.XERO, error)
    return _connected(request, made) if isinstance(made, Connection) else redirect("xero_choose")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@admin_required
def xero_choose(request: FirmRequest) -> HttpResponse:
    """Choose between the organisations that one consent reached."""
    if request.method == "POST":
        try:
            row = choose_organisation(
                firm=request.firm,
                actor=request.user,
                tenant_id=request.POST.get("tenant_id", ""),
                now=timezone.now(),
            )
        except ConsentError as error:
            return _choice(request, problem=str(error))
        return _connected(request, row)
    return _choice(request)


@require_POST
@admin_required
def disconnect_service(request: FirmRequest, service: str) -> HttpResponse:
    """Disconnect, keeping links or forgetting them."""
    form = DisconnectForm(request.POST)
    if not form.is_valid():
        return _page(request, problem=_told(form), service=service, status=422)
    try:
        farewell = disconnect(
            firm=request.firm,
            actor=request.user,
            service=service,
            forget=form.cleaned_data["forget"],
            typed_name=form.cleaned_data["firm_name"],
            now=timezone.now(),
        )
    except DisconnectRefused as error:
        return _page(
            request, problem=str(error), service=service, field=error.field, status=422 if error.field else 409
        )
    _tell(request, farewell)
    return redirect("connections")


def _told(form: Form) -> str:
    return " ".join(str(fault) for faults in form.errors.values() for fault in faults)


def _callback(service: str) -> str:
    """The redirect address, as registered at Clio and Xero."""
    return f"{settings.BASE_URL}{reverse(f'{service}_callback')}"


def _code(request: FirmRequest, service: str) -> tuple[str, str]:
    """The code that came back, and the region it is for. The state is checked first, and used up (X 9.3)."""
    state = request.GET.get("state", "")
    region = redeem_state(request.session, service=service, firm=request.firm, state=state, now=timezone.now())
    if request.GET.get("error") == "access_denied":
        raise ConsentDeclined(service)
    code = request.GET.get("code", "")
    if not code:
        raise ConsentFailed(
            _("%(service)s did not finish the connection, so nothing was changed. Start again with the button.")
            % {"service": Service(service).label}
        )
    return code, region


def _remember_way(request: FirmRequest) -> None:
    """Where the button was pressed: somebody on the first-time path goes on there afterwards."""
    request.session[_FROM_SETUP] = request.POST.get("then") == "setup"


def _back(request: FirmRequest) -> HttpResponse:
    return redirect("setup" if request.session.pop(_FROM_SETUP, False) else "connections")


def _connected(request: FirmRequest, row: Connection) -> HttpResponse:
    words = {"service": Service(row.service).label, "name": row.name}
    messages.success(request, _("%(service)s is connected: %(name)s.") % words)
    return _back(request)


def _refused(request: FirmRequest, service: str, error: ConsentError | TransportError) -> HttpResponse:
    """Say why nothing was connected, above the page with the button to start again."""
    logger.info("firm %s was not connected to %s: %s", request.firm.pk, service, type(error).__name__)
    if isinstance(error, ConsentDeclined):
        messages.warning(request, str(error))
        return _back(request)
    if isinstance(error, TransportError):
        text = _("%(why)s Nothing was changed. Try again in a few minutes.") % {"why": error}
        return _page(request, problem=text, service=service, status=502)
    return _page(request, problem=str(error), service=service, status=_STATUS[type(error)])


def _page(
    request: FirmRequest, *, problem: str = "", service: str = "", field: str = "", status: int = 200
) -> HttpResponse:
    page = build_connections(firm=request.firm, now=timezone.now())
    context = {
        "page": page,
        "open_errors": page.open_errors,
        "problem": problem,
        "problem_service": service,
        "problem_field": field,
        "may_act": request.access.can_configure,
        "may_connect": request.access.can_configure and request.access.has_plan,
    }
    return render(request, "syncengine/connections.html", context, status=status)


def _choice(request: FirmRequest, *, problem: str = "") -> HttpResponse:
    organisations = offered_organisations(firm=request.firm, now=timezone.now())
    if organisations:
        context = {"organisations": organisations, "problem": problem}
        return render(request, "syncengine/connections_choose.html", context, status=409 if problem else 200)
    if problem:
        return _page(request, problem=problem, service=Service.XERO, status=409)
    messages.info(request, _("There is no organisation to choose at the moment."))
    return redirect("connections")


def _tell(request: FirmRequest, farewell: Farewell) -> None:
    words = {"service": Service(farewell.service).label}
    if farewell.forgotten:
        text = _(
            "%(service)s is disconnected and the links are forgotten. When you connect again, documents already in "
            "Xero are found again and linked, not sent twice."
        )
    else:
        text = _("%(service)s is disconnected. Links are kept: reconnect, and syncing carries on where it stopped.")
    messages.success(request, text % words)
    if farewell.told is Told.NO:
        text = _(
            "%(service)s itself could not be told just now. To end the access there too, remove ClioXero from the "
            "connected apps in %(service)s."
        )
        messages.warning(request, text % words)
