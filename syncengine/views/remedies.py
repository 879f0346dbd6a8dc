"""What mends a sync error in place: one view a button, one call down each."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts.access import FirmRequest, admin_required, plan_required, staff_required
from syncengine.connections import clio_web_url
from syncengine.engine import remedy
from syncengine.models import Connection, Service, SyncError
from syncengine.pages.addresses import Addresses
from syncengine.pages.adoption import tell_candidates
from syncengine.pages.contact_choice import build_contact_choice
from syncengine.pages.error_lists import build_cause
from syncengine.pages.problem_rows import count_open_errors
from syncengine.views.answers import acted

_HERE = "bill_syncing"


def _attempt(request: FirmRequest, act: Callable[[], str]) -> HttpResponseBase:
    """Do it, and answer with what was done or why it could not be."""
    try:
        messages.success(request, act())
    except remedy.RemedyError as error:
        messages.error(request, str(error))
        return acted(request, otherwise=_HERE, worked=False)
    return acted(request, otherwise=_HERE)


def _values(request: FirmRequest, error_id: int) -> dict[str, Any]:
    """What every remedy is called with. Raises Http404 for an error that is not this firm's."""
    get_object_or_404(SyncError, pk=error_id)
    return {"firm": request.firm, "user": request.user, "error_id": error_id, "now": timezone.now()}


# Contacts -------------------------------------------------------------------------------------------------------------


@require_GET
@staff_required
@plan_required
def contacts(request: FirmRequest, error_id: int) -> HttpResponse:
    """The contacts in Xero that a client can be linked to."""
    page = build_contact_choice(error_id=error_id, text=request.GET.get("text"))
    if page is None:
        raise Http404(_("This problem is over, or linking does not help with it."))
    return render(request, "syncengine/contact_choice.html", {"page": page, "open_errors": page.open_errors})


@require_POST
@staff_required
@plan_required
def link(request: FirmRequest, error_id: int) -> HttpResponseBase:
    """Link a client to a contact in Xero."""
    values, contact_id = _values(request, error_id), request.POST.get("contact_id", "")

    def act() -> str:
        if not contact_id:
            raise remedy.RemedyError(_("Choose one of the contacts first."))
        name = remedy.link_contact(contact_id=contact_id, **values)
        return _("Linked to %(name)s. The next run settles the rest, within seconds.") % {"name": name}

    return _attempt(request, act)


@require_POST
@staff_required
@plan_required
def append_id(request: FirmRequest, error_id: int) -> HttpResponseBase:
    """Append the Clio ID to one contact's name."""
    values = _values(request, error_id)

    def act() -> str:
        return _("It is sent as %(name)s, within seconds.") % {"name": remedy.append_id(**values)}

    return _attempt(request, act)


@require_POST
@staff_required
@plan_required
def renew_contact(request: FirmRequest, error_id: int) -> HttpResponseBase:
    """Make a new contact in Xero."""
    values = _values(request, error_id)

    def act() -> str:
        remedy.renew_contact(**values)
        return _("A new contact is made in Xero, within seconds.")

    return _attempt(request, act)


# Settings -------------------------------------------------------------------------------------------------------------


@require_POST
@admin_required
@plan_required
def choose_account(request: FirmRequest, error_id: int) -> HttpResponseBase:
    """Choose the account, or tax rate, that a cause needs."""
    values, chosen = _values(request, error_id), request.POST.get("value", "")

    def act() -> str:
        page = build_cause(error_id=error_id, page=1)
        way = page.cause.setting_way if page else None
        if way is None:
            raise remedy.RemedyError(_("This problem is over, so nothing was changed."))
        if chosen not in way.values:
            raise remedy.RemedyError(_("Choose one from the list; nothing was changed."))
        changes, concerned = remedy.choose_setting(fields=way.fields, value=chosen, **values)
        told = "; ".join(f"{change.name}: {change.old} → {change.new}" for change in changes)
        words = ngettext(
            "Saved. %(changes)s. %(count)s record is tried again within seconds; bills already in Xero are not "
            "changed.",
            "Saved. %(changes)s. %(count)s records are tried again within seconds; bills already in Xero are not "
            "changed.",
            concerned,
        )
        return words % {"changes": told or _("Nothing was different"), "count": f"{concerned:,}"}

    return _attempt(request, act)


# Invoices -------------------------------------------------------------------------------------------------------------


@require_GET
@staff_required
@plan_required
def holders(request: FirmRequest, error_id: int) -> HttpResponse:
    """The invoices in Xero that hold a bill's number, read now, beside the bill."""
    get_object_or_404(SyncError, pk=error_id)
    alone = not request.headers.get("HX-Request")
    context: dict[str, Any] = {"error_id": error_id, "alone": alone, "open_errors": count_open_errors()}
    try:
        found = remedy.find_number_holders(firm=request.firm, error_id=error_id, clock=timezone.now)
    except remedy.RemedyError as error:
        context["problem"] = str(error)
    else:
        region = Connection.objects.filter(service=Service.CLIO).values_list("region", flat=True).first()
        addresses = Addresses(clio_web=clio_web_url(region) if region else "")
        pairs = [(candidate.invoice, candidate.refusal) for candidate in found.candidates]
        candidates = tell_candidates(bill=found.bill.record, candidates=pairs, addresses=addresses)
        context |= {"number": found.number, "candidates": candidates}
    return render(request, "syncengine/adopt.html" if alone else "syncengine/_adopt.html", context)


@require_POST
@staff_required
@plan_required
def adopt(request: FirmRequest, error_id: int) -> HttpResponseBase:
    """Adopt an invoice that stands in Xero."""
    values = _values(request, error_id)
    del values["now"]

    def act() -> str:
        number = remedy.adopt_invoice(invoice_id=request.POST.get("invoice_id", ""), clock=timezone.now, **values)
        return _("Invoice %(number)s is adopted as it stands in Xero. It shows as in step within seconds.") % {
            "number": number
        }

    return _attempt(request, act)


@require_POST
@staff_required
@plan_required
def renumber(request: FirmRequest, error_id: int) -> HttpResponseBase:
    """Send a bill under a number of its own."""
    values = _values(request, error_id)

    def act() -> str:
        return _("The bill is sent as %(number)s, within seconds.") % {"number": remedy.renumber_bill(**values)}

    return _attempt(request, act)


# A choice on the row --------------------------------------------------------------------------------------------------


@require_POST
@staff_required
@plan_required
def choose(request: FirmRequest, error_id: int) -> HttpResponseBase:
    """Do what a person chose among the documents that an error offers."""
    values, chosen = _values(request, error_id), request.POST.get("value")

    def act() -> str:
        if chosen is None:
            raise remedy.RemedyError(_("Choose one of those listed first."))
        label = remedy.choose(value=chosen, **values)
        return _("Chosen: %(label)s. The next run takes it up, within seconds.") % {"label": label}

    return _attempt(request, act)
