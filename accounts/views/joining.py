"""The page behind an invitation's link, for somebody who is in no firm yet, or in another one."""

from allauth.account.utils import perform_login
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.access import open_firm
from accounts.firm_scope import firm_scope
from accounts.forms.people import JoinForm
from accounts.invitations import InvitationError, Standing, find, firm_of_token, standing
from accounts.joining import accept, accept_as_new, is_for
from accounts.models import Firm, Invitation, User
from accounts.provisioning import login_of
from accounts.wording import ROLE_MEANING, written_moment


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters("password")
def invitation(request: HttpRequest, token: str) -> HttpResponseBase:
    """Show the invitation and what to do about it, or accept it."""
    firm = firm_of_token(token)
    if firm is None:
        return _gone(request, firm=None, row=None)
    with firm_scope(firm):
        row = find(token)
        if row is None or standing(row, now=timezone.now()) is not Standing.OPEN:
            return _gone(request, firm=firm if row else None, row=row)
        if isinstance(request.user, User):
            return _for_somebody(request, request.user, firm=firm, row=row, token=token)
        if login_of(row.email) is not None:
            return _shown(request, firm=firm, row=row, way="log_in")
        return _for_nobody(request, firm=firm, row=row, token=token)


def _for_somebody(request: HttpRequest, user: User, *, firm: Firm, row: Invitation, token: str) -> HttpResponseBase:
    """Somebody is logged in: with the invited address, or with another one."""
    if not is_for(row, user=user):
        return _shown(request, firm=firm, row=row, way="other_login")
    if request.method != "POST":
        return _shown(request, firm=firm, row=row, way="accept")
    try:
        member = accept(token=token, user=user, now=timezone.now())
    except InvitationError as problem:
        messages.error(request, str(problem))
        return redirect("invitation", token=token)
    open_firm(request, user=user, firm=firm)
    words = _("You are in %(firm)s now, as %(role)s.")
    messages.success(request, words % {"firm": firm.name, "role": member.get_role_display()})
    return redirect("/")


def _for_nobody(request: HttpRequest, *, firm: Firm, row: Invitation, token: str) -> HttpResponseBase:
    """Nobody is logged in, and the invited address has no login: make one."""
    form = JoinForm(request.POST if request.method == "POST" else None, email=row.email)
    if not form.is_bound or not form.is_valid():
        return _shown(request, firm=firm, row=row, way="join", form=form, status=422 if form.is_bound else 200)
    given = form.cleaned_data
    try:
        user = accept_as_new(token=token, name=given["name"], password=given["password"], now=timezone.now())
    except InvitationError as problem:
        messages.error(request, str(problem))
        return redirect("invitation", token=token)
    answer: HttpResponseBase = perform_login(request, user, redirect_url="/")
    open_firm(request, user=user, firm=firm)
    words = _("Welcome to %(firm)s. Your role here is %(role)s.")
    messages.success(request, words % {"firm": firm.name, "role": row.get_role_display()})
    return answer


def _shown(
    request: HttpRequest, *, firm: Firm, row: Invitation, way: str, form: JoinForm | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "inviting_firm": firm,
        "invitation": row,
        "inviter": row.invited_by,
        "meaning": ROLE_MEANING[row.role],
        "until": written_moment(row.expires_at, firm=firm),
        "zone": firm.time_zone,
        "way": way,
        "form": form,
    }
    return render(request, "accounts/invitation.html", context, status=status)


def _gone(request: HttpRequest, *, firm: Firm | None, row: Invitation | None) -> HttpResponse:
    """The link leads nowhere: say why, as far as its holder may know, and what to do."""
    why = standing(row, now=timezone.now()).value if row else "unknown"
    context = {"why": why, "inviting_firm": firm, "invitation": row}
    return render(request, "accounts/invitation_gone.html", context, status=410 if row else 404)
